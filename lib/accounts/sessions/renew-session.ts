import { newId } from '@/lib/platform/clock';
import { NotFound } from '@/lib/platform/errors';
import type { Guest, Origin, Visit } from '@/lib/platform/visit';

/**
 * Lets a session go on under a new id, freshly proved. The old id opens nothing from here on, and the end of the twelve
 * hours stays where it was.
 *
 * @throws NotFound where the session has ended, or was renewed by another request at the same time.
 */
export async function renewSession(
  { tx, now }: Visit<Guest>,
  sessionId: string,
  origin: Origin,
): Promise<{ readonly id: string; readonly businessId: string | null }> {
  const { count } = await tx.session.updateMany({
    where: { id: sessionId, revokedAt: null, expiresAt: { gt: now } },
    data: { revokedAt: now },
  });
  if (count === 0) throw new NotFound();
  const old = await tx.session.findUniqueOrThrow({
    where: { id: sessionId },
    select: { userId: true, businessId: true, createdAt: true, idleSeconds: true, expiresAt: true },
  });
  const id = newId();
  await tx.session.createMany({ data: { id, ...old, lastSeenAt: now, reauthenticatedAt: now, ...origin } });
  return { id, businessId: old.businessId };
}
