import { z } from 'zod';
import { SignedIn } from '@/app/signed-in';
import { inspectAccount } from '@/lib/accounts/administration/inspect-account';
import { page } from '@/lib/doors/page';
import { changeAccountRole, reinstateAccount, signOutSomebody, suspendAccount, unlockForSomebody } from '../actions';
import { UserScreen } from './user-screen';

export const metadata = { title: 'An account' };

export default page({
  requirePermission: 'manage_accounts',
  input: z.object({ id: z.uuid() }),
  load: inspectAccount,
  render: ({ data, viewer, frame }) => (
    <SignedIn viewer={viewer} frame={frame}>
      <UserScreen
        view={data}
        actions={{ suspendAccount, reinstateAccount, unlockForSomebody, signOutSomebody, changeAccountRole }}
      />
    </SignedIn>
  ),
});
