import { NotFound } from '@/lib/platform/errors';
import type { Person, Visit } from '@/lib/platform/visit';

/**
 * Chooses the business that this session is in.
 *
 * @throws NotFound for a business that is not the viewer's own.
 */
export async function openBusiness(
  { tx, viewer, record }: Visit<Person>,
  { id }: { readonly id: string },
): Promise<void> {
  const mine = await tx.membership.findFirst({
    where: { businessId: id, userId: viewer.userId },
    select: { businessId: true },
  });
  if (!mine) throw new NotFound();
  await tx.session.updateMany({ where: { id: viewer.sessionId }, data: { businessId: id } });
  record({
    action: 'session.update',
    resourceType: 'session',
    resourceId: viewer.sessionId,
    details: { fields: ['businessId'], ids: [id] },
  });
}
