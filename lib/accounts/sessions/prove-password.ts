/** The password once more, from somebody who is signed in. */

import { countOrDeny } from '@/lib/accounts/sign-in/count-or-deny';
import { letTryStand, reserveTryOf, type Try } from '@/lib/accounts/sign-in/reserve-try';
import type { GuestDesk } from '@/lib/accounts/sign-in/sign-in';
import { Refusal } from '@/lib/platform/errors';
import { isPassword } from '@/lib/platform/password';
import { networkOf } from '@/lib/platform/rate-limit';
import type { AuditEntry, Person } from '@/lib/platform/visit';
import { failuresBeforeLock, lockMinutes, triesPerAccount } from '@/lib/rules/lockout';

/** Short transactions for somebody who is signed in, with nothing open while a password is hashed. The door brings it. */
export type PersonDesk = GuestDesk & { readonly viewer: Person };

type Purpose = {
  /** What a wrong one is called on the trail. */
  readonly denied: AuditEntry['action'];
  /** The field that holds the password. */
  readonly field: string;
  /** What the person is told has not happened. */
  readonly unchanged: string;
};

/**
 * Checks a password as sign-in does: it counts as a failure before it is looked at, in the same budget.
 *
 * @returns the try, for whoever asked to take back once everything else was right as well.
 * @throws TooMany, Uncounted, or Refusal beside the field.
 */
export async function provePassword(
  desk: PersonDesk,
  password: string,
  { denied, field, unchanged }: Purpose,
): Promise<Try> {
  const { userId } = desk.viewer;
  const deny = (reason: string, tried?: Try) =>
    desk.enter(async (visit) => {
      if (tried) await letTryStand(visit, tried);
      visit.record({ action: denied, resourceType: 'user', resourceId: userId, userId, details: { reason } });
    });
  await countOrDeny([[triesPerAccount, `${userId} ${networkOf(desk.origin.ipAddress)}`]], deny);
  const tried = await desk.enter((visit) => reserveTryOf(visit, userId, desk.deviceId));
  if (!tried) {
    await deny('locked');
    throw new Refusal(
      `After ${failuresBeforeLock} wrong passwords nobody can use the password for ${lockMinutes} minutes. You stay signed in, and nothing has changed.`,
    );
  }
  if (!(await isPassword(password, tried.passwordHash))) {
    await deny('wrong', tried);
    throw new Refusal(`Please check what is marked. ${unchanged}`, { [field]: 'This is not your password.' });
  }
  return tried;
}
