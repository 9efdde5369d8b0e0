/** The one-time link that `npm run admin -- create` printed ends with an admin who has a name and a password. */

import { findToken, spendToken, spendTokens, usedUp } from '@/lib/accounts/one-time-token';
import { keepPassword, readForRules } from '@/lib/accounts/password/set-password';
import type { GuestDesk } from '@/lib/accounts/sign-in/sign-in';
import { mayComeFrom } from '@/lib/platform/admin-networks';
import { Refusal } from '@/lib/platform/errors';
import { hashPassword } from '@/lib/platform/password';
import { seal } from '@/lib/platform/sealing';
import { passwordProblem } from '@/lib/rules/password';

type Choice = { readonly token: string; readonly name: string; readonly password: string };

/**
 * Sets the name and the password of the admin that a link was made for. Signs nobody in: that takes the password, and the
 * second factor.
 *
 * @throws Refusal for a link that no longer works, an address from which no admin is let in, or a password against the rules.
 */
export async function becomeAdmin(desk: GuestDesk, { token, name, password }: Choice): Promise<void> {
  const isNear = mayComeFrom('admin', desk.origin.ipAddress);
  const found = await desk.enter(async (visit) => {
    const link = isNear ? await findToken(visit, 'new_admin', token) : null;
    if (!link) {
      const details = { reason: isNear ? 'link' : 'network' };
      visit.record({ action: 'account.deny', resourceType: 'user', details });
      return null;
    }
    const { email } = await readForRules(visit, link.userId);
    return { ...link, email };
  });
  if (!found) throw usedUp();
  const problem = passwordProblem(password, [found.email, name]);
  if (problem !== null)
    throw new Refusal('Please check what is marked. Nothing has been created yet.', { password: problem });

  const passwordHash = await hashPassword(password);
  const { userId } = found;
  await desk.enter(async (visit) => {
    await spendToken(visit, found);
    await spendTokens(visit, userId);
    await keepPassword(visit, userId, passwordHash);
    const { name: sealed } = seal('User', { id: userId, name });
    await visit.tx.user.updateMany({ where: { id: userId }, data: { name: sealed } });
    visit.record({
      action: 'account.create',
      resourceType: 'user',
      resourceId: userId,
      userId,
      details: { fields: ['name', 'password'] },
    });
  });
}

/** Whether a link can still be used. Looking changes nothing. */
export async function readAdminLink(
  desk: GuestDesk,
  { token }: { readonly token: string },
): Promise<{ works: boolean }> {
  const found = await desk.enter((visit) => findToken(visit, 'new_admin', token));
  return { works: found !== null };
}
