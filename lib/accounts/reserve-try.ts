/**
 * Every guess at a secret is counted as a failure before it is looked at, and taken back when it was right: guesses made
 * at the same time cannot share a try. Whatever checks a password or a code begins here.
 */
import type { Guest, Visit } from '@/lib/platform/visit';
import { failuresBeforeLock, lockMinutes } from '@/lib/rules/lockout';

/** `userId` and `passwordHash` are null for an address that nobody has, which closes like any other. */
export type Account = { readonly userId: string | null; readonly passwordHash: string | null };

/** Counts a try at the account of an address. `null`: the account, real or not, is closed. */
export async function reserveTry(visit: Visit<Guest>, emailIndex: Uint8Array): Promise<Account | null> {
  const known = await visit.tx.user.findUnique({
    where: { emailIndex: Uint8Array.from(emailIndex) },
    select: { id: true },
  });
  return known ? reserveTryOf(visit, known.id) : reserveTryOfNobody(visit, emailIndex);
}

/** Counts a try at an account that is there. `null`: it is closed. A lock that has ended starts the count again. */
export async function reserveTryOf(visit: Visit<Guest>, userId: string): Promise<Account | null> {
  const counted = await visit.tx.$executeRaw`
    UPDATE users SET
      failed_login_attempts = CASE WHEN account_locked_until IS NULL THEN failed_login_attempts + 1 ELSE 1 END,
      account_locked_until = CASE WHEN account_locked_until IS NULL AND failed_login_attempts + 1 >= ${failuresBeforeLock}
        THEN ${lockFrom(visit.now)}::timestamptz END
    WHERE id = ${userId}::uuid AND (account_locked_until IS NULL OR account_locked_until <= ${visit.now})`;
  if (counted === 0) return null;
  const credential = await visit.tx.credential.findUnique({ where: { userId }, select: { passwordHash: true } });
  return { userId, passwordHash: credential?.passwordHash ?? null };
}

async function reserveTryOfNobody(visit: Visit<Guest>, emailIndex: Uint8Array): Promise<Account | null> {
  const counted = await visit.tx.$executeRaw`
    INSERT INTO unknown_sign_ins AS u (email_index, failed_login_attempts, updated_at) VALUES (${emailIndex}, 1, ${visit.now})
    ON CONFLICT (email_index) DO UPDATE SET
      failed_login_attempts = CASE WHEN u.account_locked_until IS NULL THEN u.failed_login_attempts + 1 ELSE 1 END,
      account_locked_until = CASE WHEN u.account_locked_until IS NULL AND u.failed_login_attempts + 1 >= ${failuresBeforeLock}
        THEN ${lockFrom(visit.now)}::timestamptz END,
      updated_at = ${visit.now}
    WHERE u.account_locked_until IS NULL OR u.account_locked_until <= ${visit.now}`;
  return counted === 0 ? null : { userId: null, passwordHash: null };
}

const lockFrom = (at: Date) => new Date(at.getTime() + lockMinutes * 60_000);

/** The secret was right: nothing that was counted before stands against its owner. */
export async function takeTryBack(visit: Visit<Guest>, userId: string): Promise<void> {
  await visit.tx.user.updateMany({ where: { id: userId }, data: { failedLoginAttempts: 0, accountLockedUntil: null } });
}
