/** A forgotten password ends with a new one. */

import { findToken, spendToken, spendTokens, usedUp } from '@/lib/accounts/one-time-token';
import { liftLocks } from '@/lib/accounts/sign-in/reserve-try';
import type { GuestDesk } from '@/lib/accounts/sign-in/sign-in';
import { wantJob } from '@/lib/jobs/want-job';
import { Refusal } from '@/lib/platform/errors';
import { hashPassword } from '@/lib/platform/password';
import { passwordProblem } from '@/lib/rules/password';
import { endSessions, keepPassword, readForRules } from './set-password';

type Reset = { readonly token: string; readonly password: string };

/**
 * Sets a new password for whoever holds a link: ends every session, lifts a lock, uses up every other link, and tells
 * the owner. Signs nobody in: that still takes the password, and the second factor where there is one.
 *
 * @throws Refusal for a link that no longer works or a password against the rules.
 */
export async function resetPassword(desk: GuestDesk, { token, password }: Reset): Promise<void> {
  const found = await desk.enter(async (visit) => {
    const link = await findToken(visit, 'reset_password', token);
    if (!link) {
      visit.record({ action: 'password.deny', resourceType: 'user', details: { reason: 'link' } });
      return null;
    }
    const { email, name } = await readForRules(visit, link.userId);
    return { ...link, about: [email, name] };
  });
  if (!found) throw usedUp();
  const problem = passwordProblem(password, found.about);
  if (problem !== null)
    throw new Refusal('Please check what is marked. Your password has not changed.', { password: problem });

  const passwordHash = await hashPassword(password);
  const { userId } = found;
  await desk.enter(async (visit) => {
    await spendToken(visit, found);
    await spendTokens(visit, userId);
    await keepPassword(visit, userId, passwordHash);
    await liftLocks(visit, userId);
    await endSessions(visit, userId, null);
    await wantJob(visit, {
      kind: 'account_mail',
      key: `password-changed ${found.id}`,
      payload: { userId, mail: 'password_changed' },
    });
    visit.record({ action: 'password.reset', resourceType: 'user', resourceId: userId, userId });
  });
}

/** Whether a link can still be used. Looking changes nothing. */
export async function readLink(desk: GuestDesk, { token }: { readonly token: string }): Promise<{ works: boolean }> {
  const found = await desk.enter((visit) => findToken(visit, 'reset_password', token));
  return { works: found !== null };
}
