import { countCodes } from '@/lib/accounts/second-factor/read-second-factor';
import { zoneOf } from '@/lib/businesses/zone-of';
import { placeOf } from '@/lib/platform/place';
import { open } from '@/lib/platform/sealing';
import type { Person, Visit } from '@/lib/platform/visit';
import { isRecent } from '@/lib/rules/session';

/**
 * Where the viewer is signed in, this session first, then by last use; whether a second factor is on; what a new password
 * must not contain; and whether this session may change any of it without a fresh proof.
 */
export async function readSecurity(visit: Visit<Person>) {
  const { tx, viewer, now } = visit;
  const user = await tx.user.findFirstOrThrow({
    where: { id: viewer.userId },
    select: { id: true, email: true, name: true, twoFactorEnabled: true },
  });
  const { email, name, twoFactorEnabled } = open('User', user);
  const rows = await tx.session.findMany({
    where: { userId: viewer.userId, revokedAt: null, expiresAt: { gt: now } },
    select: {
      id: true,
      createdAt: true,
      lastSeenAt: true,
      idleSeconds: true,
      reauthenticatedAt: true,
      ipAddress: true,
      userAgent: true,
    },
    orderBy: [{ lastSeenAt: 'desc' }, { id: 'desc' }],
  });
  const awake = rows.filter(({ lastSeenAt, idleSeconds }) => lastSeenAt.getTime() + idleSeconds * 1000 > now.getTime());
  const places = await Promise.all(awake.map(({ ipAddress }) => placeOf(ipAddress)));
  const sessions = awake.map(({ idleSeconds: _, reauthenticatedAt: __, ...session }, index) => ({
    ...session,
    place: places[index] ?? null,
    isThis: session.id === viewer.sessionId,
  }));
  return {
    now,
    zone: await zoneOf(visit),
    about: [email, name],
    secondFactor: { isOn: twoFactorEnabled, codesLeft: await countCodes(visit) },
    isRecent: isRecent(rows.find(({ id }) => id === viewer.sessionId)?.reauthenticatedAt ?? null, now),
    sessions: [...sessions.filter(({ isThis }) => isThis), ...sessions.filter(({ isThis }) => !isThis)],
  };
}
