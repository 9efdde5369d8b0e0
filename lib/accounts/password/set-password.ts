/** What every new password brings with it, however its owner came to it. */

import { endPending } from '@/lib/accounts/second-factor/pending-sign-in';
import { open } from '@/lib/platform/sealing';
import type { Guest, Visit } from '@/lib/platform/visit';

/** What a password must not hold, of somebody who came by a link: opened for this, and in the trail. */
export async function readForRules(visit: Visit<Guest>, userId: string) {
  const user = await visit.tx.user.findUniqueOrThrow({
    where: { id: userId },
    select: { id: true, email: true, name: true },
  });
  const details = { reason: 'password_rules' };
  visit.record({ action: 'user.read', resourceType: 'user', resourceId: userId, userId, details });
  const { email, name } = open('User', user);
  return { email, name };
}

/** @throws when the account is gone. */
export async function keepPassword(visit: Visit<Guest>, userId: string, passwordHash: string): Promise<void> {
  const data = { passwordHash, changedAt: visit.now };
  const { count } = await visit.tx.credential.updateMany({ where: { userId }, data });
  if (count === 0) await visit.tx.credential.createMany({ data: { userId, ...data } });
}

/** Ends the sessions of a person, all of them or all but one, and the sign-ins that wait for a code. */
export async function endSessions(visit: Visit<Guest>, userId: string, except: string | null): Promise<void> {
  const { tx, now } = visit;
  await endPending(visit, userId);
  await tx.session.updateMany({
    where: { userId, revokedAt: null, ...(except !== null && { id: { not: except } }) },
    data: { revokedAt: now },
  });
}
