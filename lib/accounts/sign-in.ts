/** Sign-in by e-mail and password. Every way of signing in, next-auth's own included, calls this one use case. */
import { newId } from '@/lib/platform/clock';
import { env } from '@/lib/platform/env';
import { Refusal, TooMany } from '@/lib/platform/errors';
import { log } from '@/lib/platform/log';
import { isPassword } from '@/lib/platform/password';
import { countTry, networkOf } from '@/lib/platform/rate-limit';
import { blindIndex } from '@/lib/platform/sealing';
import type { Guest, Origin, Visit } from '@/lib/platform/visit';
import { failuresBeforeLock, lockMinutes, triesPerAccount, triesPerNetwork } from '@/lib/rules/lockout';
import { type Role, roleInForce } from '@/lib/rules/permissions';
import { sessionLifetime } from '@/lib/rules/session';

/** Opens short transactions for somebody who is not signed in. The door brings it. */
export type GuestDesk = {
  readonly now: Date;
  readonly origin: Origin;
  readonly enter: <T>(run: (visit: Visit<Guest>) => Promise<T>) => Promise<T>;
};

type Attempt = { readonly email: string; readonly password: string };
type Account = { readonly userId: string | null; readonly passwordHash: string | null };

/** One answer for a wrong password, an unknown address and a closed account: the three must not be told apart. */
const refusal = () =>
  new Refusal(
    `We could not sign you in with this e-mail and password. After ${failuresBeforeLock} tries the account stays closed for ${lockMinutes} minutes.`,
  );

/** The session that was begun, and the role in which it begins. */
export type SignedIn = { readonly sessionId: string; readonly role: Role };

/**
 * Begins a session.
 *
 * The failure is counted before the password is looked at and taken back when it was right, so that guesses made at the
 * same time cannot share a try.
 *
 * @throws TooMany, Uncounted, or Refusal with one sentence for whatever was wrong.
 */
export async function signIn(desk: GuestDesk, { email, password }: Attempt): Promise<SignedIn> {
  const index = blindIndex('email', email);
  const network = networkOf(desk.origin.ipAddress);
  const deny = (reason: string, userId: string | null) =>
    desk.enter(async (visit) => {
      visit.record({
        action: 'session.deny',
        resourceType: 'session',
        details: { reason, emailIndex: Buffer.from(index).toString('hex') },
        ...(userId && { userId }),
      });
    });

  try {
    await countTry(triesPerNetwork, network);
    await countTry(triesPerAccount, `${Buffer.from(index).toString('hex')} ${network}`);
  } catch (error) {
    // Where nobody could count, the trail may be out of reach as well: the answer is no all the same.
    await deny(error instanceof TooMany ? 'limited' : 'uncounted', null).catch((lost: unknown) =>
      log.error({ event: 'audit.lost', error: lost }),
    );
    throw error;
  }

  const account = await desk.enter((visit) => reserveTry(visit, index));
  if (!account) {
    await isPassword(password, null); // a closed account answers no sooner than an open one
    await deny('locked', null);
    throw refusal();
  }
  if (!(await isPassword(password, account.passwordHash)) || !account.userId) {
    await deny('wrong', account.userId);
    throw refusal();
  }
  const { userId } = account;
  return desk.enter((visit) => beginSession(visit, userId, desk.origin));
}

/** Counts a failure that may be taken back. `null`: the account, real or not, is closed. */
async function reserveTry(visit: Visit<Guest>, index: Uint8Array): Promise<Account | null> {
  const lockedUntil = new Date(visit.now.getTime() + lockMinutes * 60_000);
  const known = await visit.tx.user.findUnique({ where: { emailIndex: Uint8Array.from(index) }, select: { id: true } });
  // A lock that has ended starts the count again.
  const counted = known
    ? await visit.tx.$executeRaw`
        UPDATE users SET
          failed_login_attempts = CASE WHEN account_locked_until IS NULL THEN failed_login_attempts + 1 ELSE 1 END,
          account_locked_until = CASE WHEN account_locked_until IS NULL AND failed_login_attempts + 1 >= ${failuresBeforeLock}
            THEN ${lockedUntil}::timestamptz END
        WHERE id = ${known.id}::uuid AND (account_locked_until IS NULL OR account_locked_until <= ${visit.now})`
    : await visit.tx.$executeRaw`
        INSERT INTO unknown_sign_ins AS u (email_index, failed_login_attempts, updated_at) VALUES (${index}, 1, ${visit.now})
        ON CONFLICT (email_index) DO UPDATE SET
          failed_login_attempts = CASE WHEN u.account_locked_until IS NULL THEN u.failed_login_attempts + 1 ELSE 1 END,
          account_locked_until = CASE WHEN u.account_locked_until IS NULL AND u.failed_login_attempts + 1 >= ${failuresBeforeLock}
            THEN ${lockedUntil}::timestamptz END,
          updated_at = ${visit.now}
        WHERE u.account_locked_until IS NULL OR u.account_locked_until <= ${visit.now}`;
  if (counted === 0) return null;
  if (!known) return { userId: null, passwordHash: null };
  const credential = await visit.tx.credential.findUnique({
    where: { userId: known.id },
    select: { passwordHash: true },
  });
  return { userId: known.id, passwordHash: credential?.passwordHash ?? null };
}

/** Takes the counted failure back and opens a session on the first business the person belongs to. */
async function beginSession(visit: Visit<Guest>, userId: string, origin: Origin): Promise<SignedIn> {
  const { tx, now } = visit;
  await tx.user.updateMany({
    where: { id: userId },
    data: { failedLoginAttempts: 0, accountLockedUntil: null, lastLogin: now },
  });
  const { role, memberships } = await tx.user.findUniqueOrThrow({
    where: { id: userId },
    select: {
      role: true,
      memberships: {
        select: { businessId: true, role: true },
        orderBy: [{ createdAt: 'asc' }, { businessId: 'asc' }],
        take: 1,
      },
    },
  });
  const [membership] = memberships;
  const sessionId = newId();
  await tx.session.create({
    data: {
      id: sessionId,
      userId,
      businessId: membership?.businessId ?? null,
      createdAt: now,
      lastSeenAt: now,
      idleSeconds: env().SESSION_TIMEOUT,
      expiresAt: new Date(now.getTime() + sessionLifetime * 1000),
      ...origin,
    },
  });
  visit.record({
    action: 'session.create',
    resourceType: 'session',
    resourceId: sessionId,
    userId,
    ...(membership && { businessId: membership.businessId }),
  });
  return { sessionId, role: roleInForce(role, membership?.role ?? null) };
}
