import { SignedIn } from '@/app/signed-in';
import { auditPage } from '@/lib/audit/filters';
import { listPlatformEntries } from '@/lib/audit/list-platform-entries';
import { page } from '@/lib/doors/page';
import { findPerson } from './actions';
import { AuditScreen } from './audit-screen';

export const metadata = { title: 'Audit' };

export default page({
  requirePermission: 'view_platform',
  input: auditPage,
  load: listPlatformEntries,
  render: ({ data, viewer, frame }) => (
    <SignedIn viewer={viewer} frame={frame}>
      <AuditScreen view={data} actions={{ findPerson }} />
    </SignedIn>
  ),
});
