import type { Person, Visit } from '@/lib/platform/visit';

/** Ends the session that asks. The row is what counts: a copy of the cookie is worth nothing from here on. */
export async function signOut(visit: Visit<Person>): Promise<void> {
  const { sessionId } = visit.viewer;
  await visit.tx.session.updateMany({ where: { id: sessionId, revokedAt: null }, data: { revokedAt: visit.now } });
  visit.record({ action: 'session.revoke', resourceType: 'session', resourceId: sessionId });
}
