import { NotFound } from '@/lib/platform/errors';
import type { Person, Visit } from '@/lib/platform/visit';

/**
 * Ends one of the viewer's sessions.
 *
 * @throws NotFound for a session that is over, or somebody else's.
 */
export async function revokeSession({ tx, viewer, now, record }: Visit<Person>, { id }: { readonly id: string }) {
  const { count } = await tx.session.updateMany({
    where: { id, userId: viewer.userId, revokedAt: null },
    data: { revokedAt: now },
  });
  if (count === 0) throw new NotFound();
  record({ action: 'session.revoke', resourceType: 'session', resourceId: id });
}
