import { NotFound, Refusal } from '@/lib/platform/errors';
import { hasIndex } from '@/lib/platform/sealing';
import type { Member, Visit } from '@/lib/platform/visit';
import { refuseTooMany, stillOpen, takeTurns } from './open-invitations';

/**
 * Undoes a withdrawal: the link that was sent works again.
 *
 * @throws NotFound for one that was not withdrawn, has run out or is another business's; Refusal where the address was
 *   invited anew, or there are too many.
 */
export async function restoreInvitation(visit: Visit<Member>, { id }: { readonly id: string }): Promise<void> {
  const { tx, viewer, now } = visit;
  const { businessId } = viewer;
  await takeTurns(visit);
  const withdrawn = await tx.invitation.findFirst({
    where: { businessId, id, withdrawnAt: { not: null }, expiresAt: { gt: now } },
    select: { emailIndex: true, emailIndexB: true },
  });
  if (!withdrawn) throw new NotFound();
  const toThem = hasIndex('emailIndex', { a: withdrawn.emailIndex, b: withdrawn.emailIndexB });
  const anew = await tx.invitation.findFirst({ where: { ...stillOpen(visit), ...toThem }, select: { id: true } });
  if (anew) throw new Refusal('They were invited again in the meantime. Nothing has changed.');
  await refuseTooMany(visit);
  await tx.invitation.updateMany({ where: { businessId, id }, data: { withdrawnAt: null } });
  visit.record({ action: 'invitation.restore', resourceType: 'invitation', resourceId: id });
}
