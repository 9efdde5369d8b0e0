import { z } from 'zod';
import { readLink } from '@/lib/accounts/password/reset-password';
import { guestPage } from '@/lib/doors/page';
import { resetPassword } from './actions';
import { ResetPasswordScreen } from './reset-password-screen';

export const metadata = { title: 'New password' };

export default guestPage({
  input: z.object({ token: z.string().max(200).default('') }),
  load: readLink,
  render: ({ data, input }) => (
    <ResetPasswordScreen resetPassword={resetPassword} works={data.works} token={input.token} />
  ),
});
