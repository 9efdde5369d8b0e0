import { z } from 'zod';
import { readAdminLink } from '@/lib/accounts/administration/become-admin';
import { guestPage } from '@/lib/doors/page';
import { becomeAdmin } from './actions';
import { NewAdminScreen } from './new-admin-screen';

export const metadata = { title: 'Run AfterCallPro' };

export default guestPage({
  input: z.object({ token: z.string().max(200).default('') }),
  load: readAdminLink,
  render: ({ data, input }) => <NewAdminScreen becomeAdmin={becomeAdmin} works={data.works} token={input.token} />,
});
