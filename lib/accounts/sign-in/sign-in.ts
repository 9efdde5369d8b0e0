/** Sign-in by e-mail and password. Every way of signing in, next-auth's own included, calls this one use case. */

import { awaitCode } from '@/lib/accounts/second-factor/pending-sign-in';
import { wantJob } from '@/lib/jobs/want-job';
import { mayComeFrom } from '@/lib/platform/admin-networks';
import { newId } from '@/lib/platform/clock';
import { env } from '@/lib/platform/env';
import { Refusal } from '@/lib/platform/errors';
import { hashPassword, isBroughtOver, isPassword } from '@/lib/platform/password';
import { networkIndex, networkOf } from '@/lib/platform/rate-limit';
import { blindIndex, indexWords } from '@/lib/platform/sealing';
import type { Guest, Origin, Visit } from '@/lib/platform/visit';
import { failuresBeforeLock, lockMinutes, triesPerAccount, triesPerNetwork } from '@/lib/rules/lockout';
import { type Role, roleInForce } from '@/lib/rules/permissions';
import { sessionLifetime } from '@/lib/rules/session';
import { countOrDeny } from './count-or-deny';
import { knowDevice } from './know-device';
import { passCaptcha } from './pass-captcha';
import {
  CheckNeeded,
  letTryStand,
  reserveTry,
  type Try,
  takeTryBack,
  takeTryBackAtNetwork,
  uncountTry,
} from './reserve-try';

/** Opens short transactions for somebody who is not signed in. The door brings it. */
export type GuestDesk = {
  readonly now: Date;
  readonly origin: Origin;
  /** Which browser this is, where it can be told. Only an id that we gave out counts. */
  readonly deviceId: string | null;
  readonly enter: <T>(run: (visit: Visit<Guest>) => Promise<T>) => Promise<T>;
};

type Attempt = {
  readonly email: string;
  readonly password: string;
  /** What the browser worked out, where it was asked to. */
  readonly captcha?: string;
};

export const closedSentence = `After ${failuresBeforeLock} tries the account stays closed for ${lockMinutes} minutes.`;

/**
 * One answer for a wrong password, an unknown address, a closed account, a suspended one, and an admin's from elsewhere: they
 * must not be told apart, or the answer would tell a guesser which password was right.
 */
const refusal = (isCheckedNext: boolean) =>
  new Refusal(
    `We could not sign you in with this e-mail and password. ${closedSentence} If yours is suspended, a mail from us says so.`,
    isCheckedNext ? { captcha: 'From now on a check against robots runs before you sign in. There is no puzzle.' } : {},
  );
const checkFirst = () =>
  new Refusal('We have not looked at the password yet. Please type it again.', {
    captcha: 'After failed sign-ins a check against robots runs first. There is no puzzle.',
  });

/** The session that was begun, the role in which it begins, and the browser that is known from now on. */
export type SignedIn = { readonly sessionId: string; readonly role: Role; readonly deviceId: string | null };

/** The password was right, and a code is still missing. */
export type Awaiting = { readonly pendingId: string };

/**
 * Begins a session, for clients that cannot ask for a code: an account with a second factor is refused as if the password
 * were wrong.
 *
 * @throws TooMany, Uncounted, or Refusal with one sentence for whatever was wrong.
 */
export async function signIn(desk: GuestDesk, attempt: Attempt): Promise<SignedIn> {
  const begun = await beginSignIn(desk, attempt, 'no code');
  if ('pendingId' in begun) throw new Error('nobody asked for a sign-in that waits');
  return begun;
}

/**
 * Begins a session, or, for an account with a second factor, the waiting for its code.
 *
 * The failure is counted before the password is looked at and taken back when it was right, so that guesses made at the
 * same time cannot share a try.
 *
 * @throws TooMany, Uncounted, or Refusal with one sentence for whatever was wrong.
 */
export async function beginSignIn(
  desk: GuestDesk,
  { email, password, captcha = '' }: Attempt,
  asks: 'asks for a code' | 'no code' = 'asks for a code',
): Promise<SignedIn | Awaiting> {
  const index = blindIndex('email', email);
  const network = networkOf(desk.origin.ipAddress);
  const noteDenial = async (visit: Visit<Guest>, reason: string, userId: string | null, tried?: Try) => {
    if (tried) await letTryStand(visit, tried);
    visit.record({
      action: 'session.deny',
      resourceType: 'session',
      details: { reason, emailIndex: indexWords(index) },
      ...(userId && { userId }),
    });
  };
  const deny = (reason: string, userId: string | null, tried?: Try) =>
    desk.enter((visit) => noteDenial(visit, reason, userId, tried));

  const tries = [
    [triesPerNetwork, network],
    [triesPerAccount, `${Buffer.from(index.a).toString('hex')} ${network}`],
  ] as const;
  await countOrDeny(tries, (reason) => deny(reason, null));

  const check = {
    network: networkIndex(desk.origin.ipAddress),
    isDone: captcha !== '' && (await passCaptcha(desk, captcha)),
  };
  let tried: Try | null;
  try {
    tried = await desk.enter((visit) => reserveTry(visit, index, desk.deviceId, check));
  } catch (error) {
    if (!(error instanceof CheckNeeded)) throw error;
    await deny('captcha', null);
    throw checkFirst();
  }
  if (!tried) {
    await isPassword(password, null); // a closed account answers no sooner than an open one
    await deny('locked', null);
    throw refusal(true);
  }
  if (!(await isPassword(password, tried.passwordHash)) || !tried.userId) {
    await deny('wrong', tried.userId, tried);
    throw refusal(tried.isCheckedNext);
  }
  const { userId, deviceId } = tried;
  // Of a hash from the system before this one the password is known only now.
  const own = tried.passwordHash && isBroughtOver(tried.passwordHash) ? await hashPassword(password) : null;
  const begun = await desk.enter(async (visit) => {
    const barred = await reasonToBar(visit, userId, desk.origin.ipAddress);
    if (barred !== null) {
      await noteDenial(visit, barred, userId, tried);
      return null;
    }
    // Held: a second factor that is turned on now either is seen here, or ends the session that begins here.
    const [user] = await visit.tx.$queryRaw<{ asksForCode: boolean }[]>`
      SELECT two_factor_enabled AS "asksForCode" FROM users WHERE id = ${userId}::uuid FOR NO KEY UPDATE`;
    if (deviceId === null) await takeTryBackAtNetwork(visit, check.network);
    if (own !== null && tried.passwordHash !== null)
      await visit.tx.credential.updateMany({
        where: { userId, passwordHash: tried.passwordHash },
        data: { passwordHash: own },
      });
    if (user?.asksForCode === false) {
      await takeTryBack(visit, userId, deviceId);
      return beginSession(visit, userId, desk);
    }
    await uncountTry(visit, userId, tried);
    const details = { reason: asks === 'no code' ? 'no second factor' : 'awaits a code' };
    visit.record({
      action: asks === 'no code' ? 'session.deny' : 'session.await',
      resourceType: 'session',
      userId,
      details,
    });
    return asks === 'no code' ? null : { pendingId: await awaitCode(visit, userId) };
  });
  if (!begun) throw refusal(tried.isCheckedNext);
  return begun;
}

/** Why somebody whose password was right is not let in all the same. Their try stands, as a wrong one does. */
export async function reasonToBar(
  { tx }: Visit<Guest>,
  userId: string,
  ipAddress: string | null,
): Promise<'suspended' | 'network' | null> {
  const { role, suspendedAt } = await tx.user.findUniqueOrThrow({
    where: { id: userId },
    select: { role: true, suspendedAt: true },
  });
  if (suspendedAt !== null) return 'suspended';
  return mayComeFrom(role, ipAddress) ? null : 'network';
}

/** Opens a session on the first open business that the person belongs to. Of a browser that is new to the account its owner hears. */
export async function beginSession(
  visit: Visit<Guest>,
  userId: string,
  { origin, deviceId }: GuestDesk,
): Promise<SignedIn> {
  const { tx, now } = visit;
  const { role, memberships, lastLogin } = await tx.user.findUniqueOrThrow({
    where: { id: userId },
    select: {
      role: true,
      lastLogin: true,
      memberships: {
        where: { business: { suspendedAt: null } },
        select: { businessId: true, role: true },
        orderBy: [{ createdAt: 'asc' }, { businessId: 'asc' }],
        take: 1,
      },
    },
  });
  const [membership] = memberships;
  const sessionId = newId();
  await tx.user.updateMany({ where: { id: userId }, data: { lastLogin: now } });
  const isKnown = deviceId !== null && (await knowDevice(visit, userId, deviceId));
  if (!isKnown && lastLogin !== null) {
    await wantJob(visit, {
      kind: 'account_mail',
      key: `new-device ${sessionId}`,
      payload: { userId, mail: 'new_device' },
    });
  }
  await tx.session.create({
    data: {
      id: sessionId,
      userId,
      businessId: membership?.businessId ?? null,
      createdAt: now,
      lastSeenAt: now,
      idleSeconds: env().SESSION_TIMEOUT,
      expiresAt: new Date(now.getTime() + sessionLifetime * 1000),
      reauthenticatedAt: now,
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
  return { sessionId, role: roleInForce(role, membership?.role ?? null), deviceId };
}
