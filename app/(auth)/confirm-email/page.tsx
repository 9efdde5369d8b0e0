import { z } from 'zod';
import { readConfirmation } from '@/lib/accounts/sign-up/confirm-email';
import { guestPage } from '@/lib/doors/page';
import { confirmEmail, resendConfirmation } from './actions';
import { ConfirmEmailScreen } from './confirm-email-screen';

export const metadata = { title: 'Confirm your e-mail' };

export default guestPage({
  input: z.object({ token: z.string().max(200).default('') }),
  load: readConfirmation,
  render: ({ data, input }) => (
    <ConfirmEmailScreen actions={{ confirmEmail, resendConfirmation }} works={data.works} token={input.token} />
  ),
});
