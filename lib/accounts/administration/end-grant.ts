import { NotFound } from '@/lib/platform/errors';
import type { Member, Visit } from '@/lib/platform/visit';

/** An owner takes back what an admin has opened. Counts from the admin's next request on. @throws NotFound. */
export async function endGrant(
  { tx, viewer, now, record }: Visit<Member>,
  { id }: { readonly id: string },
): Promise<void> {
  const { businessId, userId } = viewer;
  const { count } = await tx.accessGrant.updateMany({
    where: { businessId, id, endedAt: null, expiresAt: { gt: now } },
    data: { endedAt: now, endedBy: userId },
  });
  if (count === 0) throw new NotFound();
  record({ action: 'grant.end', resourceType: 'grant', resourceId: id });
}
