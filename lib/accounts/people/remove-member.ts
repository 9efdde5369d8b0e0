import { sql } from '@/lib/platform/sql';
import type { Member, Visit } from '@/lib/platform/visit';
import { changeMembers } from './change-members';
import { wantMemberTold } from './mail-member';

/**
 * Takes a member out of the viewer's business and ends their sessions there. Their account stays. Oneself included: then
 * the session that asks stays, in no business.
 *
 * @throws NotFound for somebody who does not belong to it; Refusal for the last owner.
 */
export async function removeMember(visit: Visit<Member>, { id }: { readonly id: string }): Promise<void> {
  const { sessionId, userId } = visit.viewer;
  await changeMembers(visit, sql`remove_member(${id}::uuid, ${sessionId}::uuid, ${visit.now})`);
  const isOneself = id === userId;
  visit.record({
    action: isOneself ? 'membership.leave' : 'membership.delete',
    resourceType: 'membership',
    resourceId: id,
  });
  await wantMemberTold(visit, id, isOneself ? 'left' : 'removed');
}
