import { z } from 'zod';
import { readSignInWays } from '@/lib/accounts/sign-in/read-sign-in-ways';
import { page } from '@/lib/doors/page';
import { confirmIdentity } from './actions';
import { ConfirmIdentityScreen } from './confirm-identity-screen';

export const metadata = { title: 'Confirm that it is you' };

export default page({
  requireAuth: true,
  input: z.object({ next: z.string().max(2000).catch('').default('') }),
  beforeSecondFactor: true,
  load: readSignInWays,
  render: ({ data, input }) => (
    <ConfirmIdentityScreen confirmIdentity={confirmIdentity} view={data} next={input.next} />
  ),
});
