import { NotFound, Refusal } from '@/lib/platform/errors';
import type { Person, Visit } from '@/lib/platform/visit';

/**
 * Chooses the business that this session is in.
 *
 * @throws NotFound for a business that is not the viewer's own; Refusal for one that is suspended.
 */
export async function openBusiness(
  { tx, viewer, record }: Visit<Person>,
  { id }: { readonly id: string },
): Promise<void> {
  const mine = await tx.membership.findFirst({
    where: { businessId: id, userId: viewer.userId },
    select: { business: { select: { suspendedAt: true } } },
  });
  if (!mine) throw new NotFound();
  if (mine.business.suspendedAt !== null)
    throw new Refusal('This business is suspended, and nobody can open it. Its callers are still answered.');
  await tx.session.updateMany({ where: { id: viewer.sessionId }, data: { businessId: id } });
  record({
    action: 'session.update',
    resourceType: 'session',
    resourceId: viewer.sessionId,
    details: { fields: ['businessId'], ids: [id] },
  });
}
