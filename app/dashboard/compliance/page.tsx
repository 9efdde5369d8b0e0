import { SignedIn } from '@/app/signed-in';
import { auditPage } from '@/lib/audit/filters';
import { readCompliance } from '@/lib/businesses/read-compliance';
import { page } from '@/lib/doors/page';
import { endGrant, requireSecondFactor } from './actions';
import { ComplianceScreen } from './compliance-screen';

export const metadata = { title: 'Compliance' };

export default page({
  requirePermission: 'view_audit',
  input: auditPage,
  load: readCompliance,
  render: ({ data, viewer, frame }) => (
    <SignedIn viewer={viewer} frame={frame}>
      <ComplianceScreen view={data} actions={{ endGrant, requireSecondFactor }} />
    </SignedIn>
  ),
});
