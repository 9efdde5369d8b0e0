import { SignedIn } from '@/app/signed-in';
import { listBackups } from '@/lib/backup/list-backups';
import { page } from '@/lib/doors/page';
import { dropHeldJobs, letHeldJobsGo, startBackup } from './actions';
import { BackupsScreen } from './backups-screen';

export const metadata = { title: 'Backups' };

export default page({
  requirePermission: 'view_platform',
  load: listBackups,
  render: ({ data, viewer, frame }) => (
    <SignedIn viewer={viewer} frame={frame}>
      <BackupsScreen view={data} actions={{ startBackup, letHeldJobsGo, dropHeldJobs }} />
    </SignedIn>
  ),
});
