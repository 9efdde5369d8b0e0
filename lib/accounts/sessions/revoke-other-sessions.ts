import type { Person, Visit } from '@/lib/platform/visit';

/** Ends the viewer's sessions but for the one that asks. */
export async function revokeOtherSessions({ tx, viewer, now, record }: Visit<Person>): Promise<void> {
  const others = await tx.session.findMany({
    where: { userId: viewer.userId, revokedAt: null, expiresAt: { gt: now }, id: { not: viewer.sessionId } },
    select: { id: true },
  });
  const ids = others.map(({ id }) => id);
  await tx.session.updateMany({ where: { id: { in: ids } }, data: { revokedAt: now } });
  record({ action: 'session.revoke', resourceType: 'session', details: { ids } });
}
