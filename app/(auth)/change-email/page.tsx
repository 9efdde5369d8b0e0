import { z } from 'zod';
import { readChangeLink } from '@/lib/accounts/change-email';
import { guestPage } from '@/lib/doors/page';
import { changeEmail } from './actions';
import { ChangeEmailScreen } from './change-email-screen';

export const metadata = { title: 'New e-mail' };

export default guestPage({
  input: z.object({ token: z.string().max(200).default('') }),
  load: readChangeLink,
  render: ({ data, input }) => <ChangeEmailScreen changeEmail={changeEmail} works={data.works} token={input.token} />,
});
