/**
 * Every guess at a secret is counted as a failure before it is looked at, and taken back when it was right: guesses made
 * at the same time cannot share a try. Whatever checks a password or a code begins here.
 *
 * A browser that the account was signed in from before has a budget of its own. All others share the account's: strangers
 * who use it up close the account to strangers, and their guesses come to five in half an hour, however many they are.
 */
import { wantJob } from '@/lib/jobs/want-job';
import { newId } from '@/lib/platform/clock';
import { type BlindIndex, hasIndex } from '@/lib/platform/sealing';
import type { Guest, Visit } from '@/lib/platform/visit';
import { deviceDays, failuresBeforeCaptcha, failuresBeforeLock, lockMinutes } from '@/lib/rules/lockout';

/** A try that was counted, and what it is a try at. */
export type Try = {
  /** Null for an address that nobody has, which closes like any other. */
  readonly userId: string | null;
  readonly passwordHash: string | null;
  /** The budget it was counted in: that of this device, or of everybody else where it is null. */
  readonly deviceId: string | null;
  /** It was the last one: unless it is right, its budget is closed from here on. */
  readonly isLast: boolean;
  /** Unless it is right, the next one needs the check against robots. */
  readonly isCheckedNext: boolean;
};

/** Where a try comes from (`networkIndex`), and whether it brings the check against robots, done. */
export type Check = { readonly network: string; readonly isDone: boolean };

/** There were failures before, and this try brings no check against robots. Nothing of it may stay: not even its count. */
export class CheckNeeded extends Error {
  override name = 'CheckNeeded';
}

type Subject = { readonly userId: string } | { readonly userId: null; readonly index: BlindIndex };

/**
 * Counts a try at the account of an address. `null`: the account, real or not, is closed to this browser.
 *
 * @throws CheckNeeded, also for a closed account: without the check nothing is told about it.
 */
export async function reserveTry(
  visit: Visit<Guest>,
  index: BlindIndex,
  deviceId: string | null,
  check: Check,
): Promise<Try | null> {
  const known = await visit.tx.user.findFirst({ where: hasIndex('emailIndex', index), select: { id: true } });
  return reserve(visit, known ? { userId: known.id } : { userId: null, index }, deviceId, check);
}

/** Counts a try at an account that is there. `null`: it is closed to this browser. */
export const reserveTryOf = (visit: Visit<Guest>, userId: string, deviceId: string | null): Promise<Try | null> =>
  reserve(visit, { userId }, deviceId, null);

/** The same steps for an account that is not there, so that it takes no less time. */
async function reserve(
  visit: Visit<Guest>,
  subject: Subject,
  deviceId: string | null,
  check: Check | null,
): Promise<Try | null> {
  const userId = subject.userId ?? newId();
  const since = new Date(visit.now.getTime() - deviceDays * 86_400_000);
  const device = await visit.tx.knownDevice.findFirst({
    where: { userId, id: deviceId ?? newId(), lastSeenAt: { gt: since } },
    select: { id: true },
  });
  const isUnchecked = check !== null && !check.isDone && !device;
  const fromNetwork = check && !device ? (await countAtNetwork(visit, check))[0] : { failures: 0 };
  if (!fromNetwork) throw new CheckNeeded();
  const [counted] = await (device
    ? countAtDevice(visit, userId, device.id)
    : subject.userId === null
      ? countAtNobody(visit, subject.index, isUnchecked)
      : countAtAccount(visit, userId, isUnchecked));
  if (!counted && isUnchecked) throw new CheckNeeded();
  if (!counted) return null;
  const credential = await visit.tx.credential.findUnique({ where: { userId }, select: { passwordHash: true } });
  return {
    userId: subject.userId,
    passwordHash: credential?.passwordHash ?? null,
    deviceId: device?.id ?? null,
    isLast: counted.is_last,
    isCheckedNext: !device && Math.max(counted.failures, fromNetwork.failures) >= failuresBeforeCaptcha,
  };
}

type Counted = { readonly is_last: boolean; readonly failures: number }[];
const lockFrom = (at: Date) => new Date(at.getTime() + lockMinutes * 60_000);

// A lock that has ended starts the count again.
const countAtAccount = (
  { tx, now }: Visit<Guest>,
  userId: string,
  isUnchecked: boolean,
): Promise<Counted> => tx.$queryRaw`
  UPDATE users SET
    failed_login_attempts = CASE WHEN account_locked_until IS NULL THEN failed_login_attempts + 1 ELSE 1 END,
    account_locked_until = CASE WHEN account_locked_until IS NULL AND failed_login_attempts + 1 >= ${failuresBeforeLock}
      THEN ${lockFrom(now)}::timestamptz END
  WHERE id = ${userId}::uuid AND (account_locked_until <= ${now} OR (
    account_locked_until IS NULL AND NOT (${isUnchecked} AND failed_login_attempts >= ${failuresBeforeCaptcha})))
  RETURNING account_locked_until IS NOT NULL AS is_last, failed_login_attempts AS failures`;

const countAtDevice = ({ tx, now }: Visit<Guest>, userId: string, deviceId: string): Promise<Counted> => tx.$queryRaw`
  UPDATE known_devices SET
    failed_login_attempts = CASE WHEN locked_until IS NULL THEN failed_login_attempts + 1 ELSE 1 END,
    locked_until = CASE WHEN locked_until IS NULL AND failed_login_attempts + 1 >= ${failuresBeforeLock}
      THEN ${lockFrom(now)}::timestamptz END
  WHERE user_id = ${userId}::uuid AND id = ${deviceId}::uuid AND (locked_until IS NULL OR locked_until <= ${now})
  RETURNING locked_until IS NOT NULL AS is_last, failed_login_attempts AS failures`;

// While keys are changed the row may be known by either column.
const countAtNobody = (
  { tx, now }: Visit<Guest>,
  { a, b }: BlindIndex,
  isUnchecked: boolean,
): Promise<Counted> => tx.$queryRaw`
  INSERT INTO unknown_sign_ins AS u (email_index, email_index_b, failed_login_attempts, updated_at)
  SELECT coalesce(known.email_index, ${a}), ${b}, 1, ${now}
  FROM (SELECT) AS once LEFT JOIN unknown_sign_ins known ON known.email_index = ${a} OR known.email_index_b = ${b} LIMIT 1
  ON CONFLICT (email_index) DO UPDATE SET
    email_index_b = excluded.email_index_b,
    failed_login_attempts = CASE WHEN u.account_locked_until IS NULL THEN u.failed_login_attempts + 1 ELSE 1 END,
    account_locked_until = CASE WHEN u.account_locked_until IS NULL AND u.failed_login_attempts + 1 >= ${failuresBeforeLock}
      THEN ${lockFrom(now)}::timestamptz END,
    updated_at = ${now}
  WHERE u.account_locked_until <= ${now} OR (
    u.account_locked_until IS NULL AND NOT (${isUnchecked} AND u.failed_login_attempts >= ${failuresBeforeCaptcha}))
  RETURNING u.account_locked_until IS NOT NULL AS is_last, u.failed_login_attempts AS failures`;

// What was long ago counts no more. Nothing comes back where the check is needed and not done.
const countAtNetwork = ({ tx, now }: Visit<Guest>, { network, isDone }: Check): Promise<{ failures: number }[]> => {
  const since = new Date(now.getTime() - lockMinutes * 60_000);
  return tx.$queryRaw`
    INSERT INTO network_failures AS n (network, failed_sign_ins, last_failed_at) VALUES (${network}, 1, ${now})
    ON CONFLICT (network) DO UPDATE SET
      failed_sign_ins = CASE WHEN n.last_failed_at <= ${since} THEN 1 ELSE n.failed_sign_ins + 1 END,
      last_failed_at = ${now}
    WHERE ${isDone} OR n.last_failed_at <= ${since} OR n.failed_sign_ins < ${failuresBeforeCaptcha}
    RETURNING n.failed_sign_ins AS failures`;
};

/** Whether the next try from a network needs the check against robots, whatever account it is at. */
export async function isCheckedFrom({ tx, now }: Visit<Guest>, network: string): Promise<boolean> {
  const since = new Date(now.getTime() - lockMinutes * 60_000);
  const failed = await tx.networkFailure.findFirst({
    where: { network, lastFailedAt: { gt: since }, failedSignIns: { gte: failuresBeforeCaptcha } },
    select: { network: true },
  });
  return failed !== null;
}

/** The secret was right: this one try was no failure of its network's. Whatever failed there before, did. */
export async function takeTryBackAtNetwork({ tx }: Visit<Guest>, network: string): Promise<void> {
  await tx.networkFailure.updateMany({
    where: { network, failedSignIns: { gt: 0 } },
    data: { failedSignIns: { decrement: 1 } },
  });
}

/** The secret was wrong. Who has an account and has just been closed out of it is told by mail, with a way back. */
export async function letTryStand(visit: Visit<Guest>, { userId, isLast }: Try): Promise<void> {
  if (!isLast) return;
  const subject = userId ?? newId(); // the same step for nobody
  await wantJob(visit, {
    kind: 'account_mail',
    key: `unlock ${subject} ${newId()}`,
    payload: { userId: subject, mail: 'unlock' },
  });
}

/**
 * The secret was right, and another one is still to come: this try is uncounted, and those before it stand. Whoever has
 * the password would otherwise guess codes for ever, a right password after every fourth.
 */
export async function uncountTry({ tx }: Visit<Guest>, userId: string, { deviceId, isLast }: Try): Promise<void> {
  if (deviceId === null) {
    await tx.user.updateMany({
      where: { id: userId, failedLoginAttempts: { gt: 0 } },
      data: { failedLoginAttempts: { decrement: 1 }, ...(isLast && { accountLockedUntil: null }) },
    });
  } else {
    await tx.knownDevice.updateMany({
      where: { userId, id: deviceId, failedLoginAttempts: { gt: 0 } },
      data: { failedLoginAttempts: { decrement: 1 }, ...(isLast && { lockedUntil: null }) },
    });
  }
}

/** The secret was right: what was counted in the same budget before stands against nobody. Other budgets stay as they are. */
export async function takeTryBack({ tx }: Visit<Guest>, userId: string, deviceId: string | null): Promise<void> {
  if (deviceId === null) {
    await tx.user.updateMany({ where: { id: userId }, data: { failedLoginAttempts: 0, accountLockedUntil: null } });
  } else {
    await tx.knownDevice.updateMany({
      where: { userId, id: deviceId },
      data: { failedLoginAttempts: 0, lockedUntil: null },
    });
  }
}

/** Opens an account to everybody again: its owner proved to read its mail. */
export async function liftLocks({ tx }: Visit<Guest>, userId: string): Promise<void> {
  await tx.user.updateMany({ where: { id: userId }, data: { failedLoginAttempts: 0, accountLockedUntil: null } });
  await tx.knownDevice.updateMany({ where: { userId }, data: { failedLoginAttempts: 0, lockedUntil: null } });
}
