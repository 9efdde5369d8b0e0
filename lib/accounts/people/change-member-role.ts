import { sql } from '@/lib/platform/sql';
import type { Member, Visit } from '@/lib/platform/visit';
import { changeMembers } from './change-members';
import { wantMemberTold } from './mail-member';

type Change = { readonly id: string; readonly role: 'business_owner' | 'staff' };

/**
 * Gives a member of the viewer's business another role, from their next request on, and ends their sessions there. Who
 * stops being an owner takes the invitations along that they sent.
 *
 * @throws NotFound for somebody who does not belong to it; Refusal for the last owner.
 */
export async function changeMemberRole(
  visit: Visit<Member>,
  { id, role }: Change,
): Promise<{ readonly isOneself: boolean }> {
  const { sessionId, userId } = visit.viewer;
  const changed = await changeMembers(
    visit,
    sql`change_member_role(${id}::uuid, ${role}::membership_role, ${sessionId}::uuid, ${visit.now})`,
  );
  visit.record({
    action: 'membership.update',
    resourceType: 'membership',
    resourceId: id,
    details: { fields: changed ? ['role'] : [], role },
  });
  if (changed) await wantMemberTold(visit, id, role === 'staff' ? 'now_staff' : 'now_owner');
  return { isOneself: id === userId };
}
