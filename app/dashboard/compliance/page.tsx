import { z } from 'zod';
import { SignedIn } from '@/app/signed-in';
import { auditPage } from '@/lib/audit/filters';
import { readCompliance } from '@/lib/businesses/read-compliance';
import { page } from '@/lib/doors/page';
import { choosePeriods, endGrant, liftHold, placeHold, requireSecondFactor } from './actions';
import { ComplianceScreen } from './compliance-screen';

export const metadata = { title: 'Compliance' };

export default page({
  requirePermission: 'view_audit',
  // `hold` leads here from a call, to place a legal hold on it.
  input: auditPage.extend({ hold: z.uuid().or(z.literal('')).catch('').default('') }),
  load: readCompliance,
  render: ({ data, viewer, frame }) => (
    <SignedIn viewer={viewer} frame={frame}>
      <ComplianceScreen view={data} actions={{ choosePeriods, endGrant, liftHold, placeHold, requireSecondFactor }} />
    </SignedIn>
  ),
});
