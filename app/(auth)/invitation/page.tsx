import { z } from 'zod';
import { signOut } from '@/app/account/actions';
import { readInvitation } from '@/lib/accounts/people/read-invitation';
import { visitorPage } from '@/lib/doors/page';
import { acceptInvitation, joinByInvitation } from './actions';
import { InvitationScreen } from './invitation-screen';

export const metadata = { title: 'Invitation' };

export default visitorPage({
  input: z.object({ token: z.string().max(200).default('') }),
  load: readInvitation,
  render: ({ data, input }) => (
    <InvitationScreen view={data} token={input.token} actions={{ acceptInvitation, joinByInvitation, signOut }} />
  ),
});
