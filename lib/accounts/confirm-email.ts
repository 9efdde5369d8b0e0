/** A sign-up is confirmed by whoever reads its mail: from here on there is an account, and not before. */
import { newId } from '@/lib/platform/clock';
import { Refusal } from '@/lib/platform/errors';
import { open, seal } from '@/lib/platform/sealing';
import { firstGreeting, firstHours, firstLimit } from '@/lib/rules/first-business';
import { findSignUp, hashOf } from './one-time-token';
import type { GuestDesk } from './sign-in';

type Link = { readonly token: string };

/**
 * Makes the account, and its first business where one was asked for, with their entries in the trail: all of it or
 * nothing. Signs nobody in: that takes the password.
 *
 * @throws Refusal for a link that no longer works, and for an address that has an account by now.
 */
export async function confirmEmail(desk: GuestDesk, { token }: Link): Promise<void> {
  const outcome = await desk.enter(async (visit) => {
    const deny = (reason: string) =>
      visit.record({ action: 'sign_up.deny', resourceType: 'sign_up', details: { reason } });
    const found = await findSignUp(visit, token);
    if (!found) {
      deny('link');
      return 'unknown';
    }
    const { email, name, businessName } = open('SignUp', found);
    const userId = newId();
    const businessId = newId();
    const user = seal('User', { id: userId, email, name });
    const { contactEmail } = seal('Business', { id: businessId, contactEmail: email });
    const [made] = await visit.tx.$queryRaw<{ outcome: 'done' | 'taken' | 'unknown' }[]>`
      SELECT confirm_sign_up(
        ${hashOf(token)}, ${visit.now},
        ${userId}::uuid, ${user.email}, ${user.name},
        ${businessId}::uuid, ${contactEmail}, ${firstGreeting(businessName ?? '')}, ${JSON.stringify(firstHours)}::jsonb,
        ${firstLimit}::int) AS outcome`;
    if (made?.outcome !== 'done') {
      deny(made?.outcome === 'taken' ? 'taken' : 'link');
      return made?.outcome ?? 'unknown';
    }
    visit.record({ action: 'user.create', resourceType: 'user', resourceId: userId, userId });
    if (businessName !== null) {
      visit.record({ action: 'business.create', resourceType: 'business', resourceId: businessId, userId, businessId });
      visit.record({ action: 'membership.create', resourceType: 'membership', resourceId: userId, userId, businessId });
    }
    return 'done';
  });
  if (outcome === 'taken')
    throw new Refusal('There is an account with this e-mail by now. Sign in, or choose a new password.');
  if (outcome === 'unknown')
    throw new Refusal('This link no longer works: it works once, and for a day. Sign up again, or sign in.');
}

/** Whether a link can still be used, `null` where there is none. Looking changes nothing. */
export async function readConfirmation(desk: GuestDesk, { token }: Link): Promise<{ readonly works: boolean | null }> {
  if (token === '') return { works: null };
  return { works: (await desk.enter((visit) => findSignUp(visit, token))) !== null };
}
