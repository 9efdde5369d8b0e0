import { SignedIn } from '@/app/signed-in';
import { readAccount } from '@/lib/accounts/read-account';
import { page } from '@/lib/doors/page';
import { AccountScreen } from './account-screen';
import { addBusiness, askForEmailChange, changeName, openBusiness, signOut } from './actions';

export const metadata = { title: 'Account' };

export default page({
  requireAuth: true,
  load: readAccount,
  render: ({ data, viewer, frame }) => (
    <SignedIn viewer={viewer} frame={frame}>
      <AccountScreen view={data} actions={{ addBusiness, askForEmailChange, changeName, openBusiness, signOut }} />
    </SignedIn>
  ),
});
