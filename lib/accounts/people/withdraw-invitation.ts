import { NotFound } from '@/lib/platform/errors';
import type { Member, Visit } from '@/lib/platform/visit';
import { stillOpen } from './open-invitations';

/**
 * Takes an invitation back: its link stops working at once.
 *
 * @throws NotFound for one that is over or another business's.
 */
export async function withdrawInvitation(visit: Visit<Member>, { id }: { readonly id: string }): Promise<void> {
  const { count } = await visit.tx.invitation.updateMany({
    where: { ...stillOpen(visit), id },
    data: { withdrawnAt: visit.now },
  });
  if (count === 0) throw new NotFound();
  visit.record({ action: 'invitation.withdraw', resourceType: 'invitation', resourceId: id });
}
