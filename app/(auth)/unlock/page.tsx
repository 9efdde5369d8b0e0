import { z } from 'zod';
import { readUnlockLink } from '@/lib/accounts/sign-in/unlock-account';
import { guestPage } from '@/lib/doors/page';
import { unlockAccount } from './actions';
import { UnlockScreen } from './unlock-screen';

export const metadata = { title: 'Open your account' };

export default guestPage({
  input: z.object({ token: z.string().max(200).default('') }),
  load: readUnlockLink,
  render: ({ data, input }) => <UnlockScreen unlockAccount={unlockAccount} works={data.works} token={input.token} />,
});
