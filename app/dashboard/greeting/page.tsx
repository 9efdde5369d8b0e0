import { SignedIn } from '@/app/signed-in';
import { readGreeting } from '@/lib/businesses/read-greeting';
import { page } from '@/lib/doors/page';
import { saveGreeting, saveTranscripts } from './actions';
import { GreetingScreen } from './greeting-screen';

export const metadata = { title: 'Greeting' };

export default page({
  requirePermission: 'manage_settings',
  load: readGreeting,
  render: ({ data, viewer, frame }) => (
    <SignedIn viewer={viewer} frame={frame}>
      <GreetingScreen view={data} actions={{ saveGreeting, saveTranscripts }} />
    </SignedIn>
  ),
});
