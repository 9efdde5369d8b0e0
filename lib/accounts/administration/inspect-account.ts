import { NotFound } from '@/lib/platform/errors';
import type { Operator, Visit } from '@/lib/platform/visit';
import { accountColumns, openAccount } from './list-accounts';

/**
 * An account as the operator sees it: who it is, where they belong, and how often they are signed in. Where they were and
 * with which browser is theirs alone.
 *
 * @throws NotFound for an id that is none.
 */
export async function inspectAccount(visit: Visit<Operator>, { id }: { readonly id: string }) {
  const { tx, now, viewer } = visit;
  const row = await tx.user.findFirst({ where: { id }, select: accountColumns });
  if (!row) throw new NotFound();
  visit.record({ action: 'user.read', resourceType: 'user', resourceId: id });
  const memberships = await tx.membership.findMany({
    where: { userId: id },
    select: { role: true, business: { select: { id: true, name: true, suspendedAt: true } } },
    orderBy: [{ createdAt: 'asc' }, { businessId: 'asc' }],
  });
  const sessions = await tx.session.findMany({
    where: { userId: id, revokedAt: null, expiresAt: { gt: now } },
    select: { id: true, lastSeenAt: true, idleSeconds: true },
  });
  return {
    now,
    account: openAccount(row, now),
    isSelf: id === viewer.userId,
    businesses: memberships.map(({ role, business }) => ({ ...business, role })),
    sessions: sessions.filter(
      ({ lastSeenAt, idleSeconds }) => lastSeenAt.getTime() + idleSeconds * 1000 > now.getTime(),
    ).length,
  };
}
