import { SignedIn } from '@/app/signed-in';
import { readLeaving } from '@/lib/accounts/people/read-leaving';
import { page } from '@/lib/doors/page';
import { leaveBusiness } from './actions';
import { LeaveScreen } from './leave-screen';

export const metadata = { title: 'Leave a business' };

export default page({
  requireAuth: true,
  load: readLeaving,
  render: ({ data, viewer, frame }) => (
    <SignedIn viewer={viewer} frame={frame}>
      <LeaveScreen view={data} leaveBusiness={leaveBusiness} />
    </SignedIn>
  ),
});
