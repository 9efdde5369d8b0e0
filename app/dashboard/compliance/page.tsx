import { SignedIn } from '@/app/signed-in';
import { auditPage } from '@/lib/audit/filters';
import { listEntries } from '@/lib/audit/list-entries';
import { page } from '@/lib/doors/page';
import { ComplianceScreen } from './compliance-screen';

export const metadata = { title: 'Compliance' };

export default page({
  requirePermission: 'view_audit',
  input: auditPage,
  load: listEntries,
  render: ({ data, viewer, frame }) => (
    <SignedIn viewer={viewer} frame={frame}>
      <ComplianceScreen view={data} />
    </SignedIn>
  ),
});
