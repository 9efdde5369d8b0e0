import { SignedIn } from '@/app/signed-in';
import { page } from '@/lib/doors/page';
import { readGoingRound } from '@/lib/notifications/going-round';
import { moveForward, saveEscalation } from './actions';
import { WhoIsToldScreen } from './who-is-told-screen';

export const metadata = { title: 'Who is told' };

export default page({
  requirePermission: 'manage_settings',
  load: readGoingRound,
  render: ({ data, viewer, frame }) => (
    <SignedIn viewer={viewer} frame={frame}>
      <WhoIsToldScreen view={data} actions={{ moveForward, saveEscalation }} />
    </SignedIn>
  ),
});
