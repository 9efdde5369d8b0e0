/**
 * Every guess at a secret is counted as a failure before it is looked at, and taken back when it was right: guesses made
 * at the same time cannot share a try. Whatever checks a password or a code begins here.
 *
 * A browser that the account was signed in from before has a budget of its own. All others share the account's: strangers
 * who use it up close the account to strangers, and their guesses come to five in half an hour, however many they are.
 */
import { wantJob } from '@/lib/jobs/want-job';
import { newId } from '@/lib/platform/clock';
import type { Guest, Visit } from '@/lib/platform/visit';
import { deviceDays, failuresBeforeLock, lockMinutes } from '@/lib/rules/lockout';

/** A try that was counted, and what it is a try at. */
export type Try = {
  /** Null for an address that nobody has, which closes like any other. */
  readonly userId: string | null;
  readonly passwordHash: string | null;
  /** The budget it was counted in: that of this device, or of everybody else where it is null. */
  readonly deviceId: string | null;
  /** It was the last one: unless it is right, its budget is closed from here on. */
  readonly isLast: boolean;
};

type Subject = { readonly userId: string } | { readonly userId: null; readonly emailIndex: Uint8Array };

/** Counts a try at the account of an address. `null`: the account, real or not, is closed to this browser. */
export async function reserveTry(
  visit: Visit<Guest>,
  emailIndex: Uint8Array,
  deviceId: string | null,
): Promise<Try | null> {
  const known = await visit.tx.user.findUnique({
    where: { emailIndex: Uint8Array.from(emailIndex) },
    select: { id: true },
  });
  return reserve(visit, known ? { userId: known.id } : { userId: null, emailIndex }, deviceId);
}

/** Counts a try at an account that is there. `null`: it is closed to this browser. */
export const reserveTryOf = (visit: Visit<Guest>, userId: string, deviceId: string | null): Promise<Try | null> =>
  reserve(visit, { userId }, deviceId);

/** The same steps for an account that is not there, so that it takes no less time. */
async function reserve(visit: Visit<Guest>, subject: Subject, deviceId: string | null): Promise<Try | null> {
  const userId = subject.userId ?? newId();
  const since = new Date(visit.now.getTime() - deviceDays * 86_400_000);
  const device = await visit.tx.knownDevice.findFirst({
    where: { userId, id: deviceId ?? newId(), lastSeenAt: { gt: since } },
    select: { id: true },
  });
  const [counted] = await (device
    ? countAtDevice(visit, userId, device.id)
    : subject.userId === null
      ? countAtNobody(visit, subject.emailIndex)
      : countAtAccount(visit, userId));
  if (!counted) return null;
  const credential = await visit.tx.credential.findUnique({ where: { userId }, select: { passwordHash: true } });
  return {
    userId: subject.userId,
    passwordHash: credential?.passwordHash ?? null,
    deviceId: device?.id ?? null,
    isLast: counted.is_last,
  };
}

type Counted = { readonly is_last: boolean }[];
const lockFrom = (at: Date) => new Date(at.getTime() + lockMinutes * 60_000);

// A lock that has ended starts the count again.
const countAtAccount = ({ tx, now }: Visit<Guest>, userId: string): Promise<Counted> => tx.$queryRaw`
  UPDATE users SET
    failed_login_attempts = CASE WHEN account_locked_until IS NULL THEN failed_login_attempts + 1 ELSE 1 END,
    account_locked_until = CASE WHEN account_locked_until IS NULL AND failed_login_attempts + 1 >= ${failuresBeforeLock}
      THEN ${lockFrom(now)}::timestamptz END
  WHERE id = ${userId}::uuid AND (account_locked_until IS NULL OR account_locked_until <= ${now})
  RETURNING account_locked_until IS NOT NULL AS is_last`;

const countAtDevice = ({ tx, now }: Visit<Guest>, userId: string, deviceId: string): Promise<Counted> => tx.$queryRaw`
  UPDATE known_devices SET
    failed_login_attempts = CASE WHEN locked_until IS NULL THEN failed_login_attempts + 1 ELSE 1 END,
    locked_until = CASE WHEN locked_until IS NULL AND failed_login_attempts + 1 >= ${failuresBeforeLock}
      THEN ${lockFrom(now)}::timestamptz END
  WHERE user_id = ${userId}::uuid AND id = ${deviceId}::uuid AND (locked_until IS NULL OR locked_until <= ${now})
  RETURNING locked_until IS NOT NULL AS is_last`;

const countAtNobody = ({ tx, now }: Visit<Guest>, emailIndex: Uint8Array): Promise<Counted> => tx.$queryRaw`
  INSERT INTO unknown_sign_ins AS u (email_index, failed_login_attempts, updated_at) VALUES (${emailIndex}, 1, ${now})
  ON CONFLICT (email_index) DO UPDATE SET
    failed_login_attempts = CASE WHEN u.account_locked_until IS NULL THEN u.failed_login_attempts + 1 ELSE 1 END,
    account_locked_until = CASE WHEN u.account_locked_until IS NULL AND u.failed_login_attempts + 1 >= ${failuresBeforeLock}
      THEN ${lockFrom(now)}::timestamptz END,
    updated_at = ${now}
  WHERE u.account_locked_until IS NULL OR u.account_locked_until <= ${now}
  RETURNING u.account_locked_until IS NOT NULL AS is_last`;

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
