import { SignedIn } from '@/app/signed-in';
import { page } from '@/lib/doors/page';
import { listClockJobs } from '@/lib/jobs/list-clock-jobs';
import { startJob, tryJobsAgain } from './actions';
import { JobsScreen } from './jobs-screen';

export const metadata = { title: 'Jobs' };

export default page({
  requirePermission: 'view_platform',
  load: listClockJobs,
  render: ({ data, viewer, frame }) => (
    <SignedIn viewer={viewer} frame={frame}>
      <JobsScreen view={data} actions={{ startJob, tryJobsAgain }} />
    </SignedIn>
  ),
});
