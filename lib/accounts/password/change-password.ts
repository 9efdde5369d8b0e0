/** A new password, from somebody who is signed in and knows the old one. */

import { type PersonDesk, provePassword } from '@/lib/accounts/sessions/prove-password';
import { takeTryBack } from '@/lib/accounts/sign-in/reserve-try';
import { Refusal } from '@/lib/platform/errors';
import { hashPassword } from '@/lib/platform/password';
import { open } from '@/lib/platform/sealing';
import { passwordProblem } from '@/lib/rules/password';
import { endSessions, keepPassword } from './set-password';

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

  const tried = await provePassword(desk, current, {
    denied: 'password.deny',
    field: 'current',
    unchanged: 'Your password has not changed.',
  });
  const passwordHash = await hashPassword(password);
  await desk.enter(async (visit) => {
    await takeTryBack(visit, userId, tried.deviceId);
    await keepPassword(visit, userId, passwordHash);
    await endSessions(visit, userId, sessionId);
    visit.record({ action: 'password.update', resourceType: 'user', resourceId: userId, userId });
  });
}

const notTaken = 'Please check what is marked. Your password has not changed.';
