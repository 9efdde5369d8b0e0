import { SignedIn } from '@/app/signed-in';
import { listMembers } from '@/lib/accounts/people/list-members';
import { page } from '@/lib/doors/page';
import { inviteMember, resendInvitation, restoreInvitation, withdrawInvitation } from './actions';
import { MembersScreen } from './members-screen';

export const metadata = { title: 'Who may sign in' };

export default page({
  requirePermission: 'manage_people',
  load: listMembers,
  render: ({ data, viewer, frame }) => (
    <SignedIn viewer={viewer} frame={frame}>
      <MembersScreen view={data} actions={{ inviteMember, resendInvitation, withdrawInvitation, restoreInvitation }} />
    </SignedIn>
  ),
});
