import { SignedIn } from '@/app/signed-in';
import { page } from '@/lib/doors/page';
import { readEscalationPolicy } from '@/lib/notifications/escalation-policy';
import { moveForward, saveEscalation } from './actions';
import { WhoIsToldScreen } from './who-is-told-screen';

export const metadata = { title: 'Who is told' };

export default page({
  requirePermission: 'manage_settings',
  load: readEscalationPolicy,
  render: ({ data, viewer, frame }) => (
    <SignedIn viewer={viewer} frame={frame}>
      <WhoIsToldScreen view={data} actions={{ moveForward, saveEscalation }} />
    </SignedIn>
  ),
});
