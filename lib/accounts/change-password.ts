/** A new password, from somebody who is signed in and knows the old one. */
import { Refusal, TooMany } from '@/lib/platform/errors';
import { hashPassword, isPassword } from '@/lib/platform/password';
import { countTry, networkOf } from '@/lib/platform/rate-limit';
import { open } from '@/lib/platform/sealing';
import type { Person } from '@/lib/platform/visit';
import { failuresBeforeLock, lockMinutes, triesPerAccount } from '@/lib/rules/lockout';
import { passwordProblem } from '@/lib/rules/password';
import { letTryStand, reserveTryOf, type Try, takeTryBack } from './reserve-try';
import { endSessions, keepPassword } from './set-password';
import type { GuestDesk } from './sign-in';

/** Short transactions for somebody who is signed in, with nothing open while a password is hashed. The door brings it. */
export type PersonDesk = GuestDesk & { readonly viewer: Person };

type Change = { readonly current: string; readonly password: string };

/**
 * Changes the password and ends every other session. A wrong old password counts as a failed sign-in does, and is
 * counted before it is looked at.
 *
 * @throws TooMany, or Refusal beside the field that must change.
 */
export async function changePassword(desk: PersonDesk, { current, password }: Change): Promise<void> {
  const { userId, sessionId } = desk.viewer;
  const about = await desk.enter(async ({ tx }) => {
    const user = await tx.user.findUniqueOrThrow({
      where: { id: userId },
      select: { id: true, email: true, name: true },
    });
    const { email, name } = open('User', user);
    return [email, name];
  });
  const problem = passwordProblem(password, about);
  if (problem !== null) throw new Refusal(notTaken, { password: problem });
  if (password === current) throw new Refusal(notTaken, { password: 'This is the one you have now.' });

  const deny = (reason: string, tried?: Try) =>
    desk.enter(async (visit) => {
      if (tried) await letTryStand(visit, tried);
      visit.record({ action: 'password.deny', resourceType: 'user', resourceId: userId, userId, details: { reason } });
    });
  try {
    await countTry(triesPerAccount, `${userId} ${networkOf(desk.origin.ipAddress)}`);
  } catch (error) {
    await deny(error instanceof TooMany ? 'limited' : 'uncounted');
    throw error;
  }
  const tried = await desk.enter((visit) => reserveTryOf(visit, userId, desk.deviceId));
  if (!tried) {
    await deny('locked');
    throw new Refusal(
      `After ${failuresBeforeLock} wrong passwords nobody can use the password for ${lockMinutes} minutes. You stay signed in, and nothing has changed.`,
    );
  }
  if (!(await isPassword(current, tried.passwordHash))) {
    await deny('wrong', tried);
    throw new Refusal(notTaken, { current: 'This is not your password.' });
  }
  const passwordHash = await hashPassword(password);
  await desk.enter(async (visit) => {
    await takeTryBack(visit, userId, tried.deviceId);
    await keepPassword(visit, userId, passwordHash);
    await endSessions(visit, userId, sessionId);
    visit.record({ action: 'password.update', resourceType: 'user', resourceId: userId, userId });
  });
}

const notTaken = 'Please check what is marked. Your password has not changed.';
