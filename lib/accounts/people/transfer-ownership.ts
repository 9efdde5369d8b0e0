import { sql } from '@/lib/platform/sql';
import type { Member, Visit } from '@/lib/platform/visit';
import { changeMembers } from './change-members';
import { wantMemberTold } from './mail-member';

/**
 * Makes one of the staff of the viewer's business the owner in the viewer's place. The viewer stays as staff.
 *
 * @throws NotFound for somebody who is no staff there.
 */
export async function transferOwnership(visit: Visit<Member>, { id }: { readonly id: string }): Promise<void> {
  const { sessionId, userId } = visit.viewer;
  await changeMembers(visit, sql`transfer_ownership(${id}::uuid, ${sessionId}::uuid, ${visit.now})`);
  visit.record({
    action: 'membership.transfer',
    resourceType: 'membership',
    resourceId: id,
    details: { fields: ['role'], ids: [id, userId] },
  });
  await wantMemberTold(visit, id, 'now_owner');
  await wantMemberTold(visit, userId, 'now_staff');
}
