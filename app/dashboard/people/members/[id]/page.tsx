import { z } from 'zod';
import { SignedIn } from '@/app/signed-in';
import { readMember } from '@/lib/accounts/people/read-member';
import { page } from '@/lib/doors/page';
import { changeMemberRole, removeMember, transferOwnership } from './actions';
import { MemberScreen } from './member-screen';

export const metadata = { title: 'A member' };

export default page({
  requirePermission: 'manage_people',
  input: z.object({ id: z.uuid() }),
  load: readMember,
  render: ({ data, viewer, frame }) => (
    <SignedIn viewer={viewer} frame={frame}>
      <MemberScreen view={data} actions={{ changeMemberRole, removeMember, transferOwnership }} />
    </SignedIn>
  ),
});
