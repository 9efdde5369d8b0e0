import { SignedIn } from '@/app/signed-in';
import { page } from '@/lib/doors/page';
import { readChoice } from '@/lib/notifications/read-choice';
import { askForCode, chooseTelling, confirmNumber, removeNumber } from './actions';
import { ToldScreen } from './told-screen';

export const metadata = { title: 'How you are told' };

export default page({
  requireAuth: true,
  load: readChoice,
  render: ({ data, viewer, frame }) => (
    <SignedIn viewer={viewer} frame={frame}>
      <ToldScreen view={data} actions={{ chooseTelling, askForCode, confirmNumber, removeNumber }} />
    </SignedIn>
  ),
});
