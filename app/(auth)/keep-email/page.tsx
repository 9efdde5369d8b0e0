import { z } from 'zod';
import { readKeepLink } from '@/lib/accounts/change-email';
import { guestPage } from '@/lib/doors/page';
import { keepEmail } from './actions';
import { KeepEmailScreen } from './keep-email-screen';

export const metadata = { title: 'Keep your e-mail' };

export default guestPage({
  input: z.object({ token: z.string().max(200).default('') }),
  load: readKeepLink,
  render: ({ data, input }) => <KeepEmailScreen keepEmail={keepEmail} works={data.works} token={input.token} />,
});
