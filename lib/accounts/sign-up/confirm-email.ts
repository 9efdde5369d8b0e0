/** A sign-up is confirmed by whoever reads its mail and knows its password: from here on there is an account, and not before. */

import { findSignUp, hashOf } from '@/lib/accounts/one-time-token';
import { countOrDeny } from '@/lib/accounts/sign-in/count-or-deny';
import { beginSession, type GuestDesk, type SignedIn } from '@/lib/accounts/sign-in/sign-in';
import { newId } from '@/lib/platform/clock';
import { Refusal } from '@/lib/platform/errors';
import { isPassword } from '@/lib/platform/password';
import { networkOf } from '@/lib/platform/rate-limit';
import { blindIndex, open, seal } from '@/lib/platform/sealing';
import { firstGreeting, firstHours, firstLimit } from '@/lib/rules/first-business';
import { triesPerAccount } from '@/lib/rules/lockout';

type Link = { readonly token: string };

const overSentence = 'This link no longer works: it works once, and for a day. Sign up again, or sign in.';

/**
 * Makes the account, its first business where one was asked for, and its first session, with their entries in the trail:
 * all of it or nothing.
 *
 * The link shows that the address is theirs, the password that they are the one who signed up: somebody else may have
 * typed this address, with a password that they know, and waited for its owner to confirm it.
 *
 * @throws TooMany, or Refusal for a link that no longer works, for another password, and for an address that has an
 *   account by now.
 */
export async function confirmEmail(
  desk: GuestDesk,
  { token, password }: Link & { readonly password: string },
): Promise<SignedIn> {
  const deny = (reason: string) =>
    desk.enter(async (visit) => visit.record({ action: 'sign_up.deny', resourceType: 'sign_up', details: { reason } }));
  const found = await desk.enter((visit) => findSignUp(visit, token));
  if (!found) {
    await deny('link');
    throw new Refusal(overSentence);
  }
  await countOrDeny([[triesPerAccount, `${found.id} ${networkOf(desk.origin.ipAddress)}`]], deny);
  if (!(await isPassword(password, found.passwordHash))) {
    await deny('wrong');
    throw new Refusal('There is no account yet.', {
      password: 'This is not the password that was typed at sign-up. If that was not you, close this page.',
    });
  }
  const outcome = await desk.enter(async (visit) => {
    const { email, name, businessName } = open('SignUp', found);
    const userId = newId();
    const businessId = newId();
    const user = seal('User', { id: userId, email, name });
    const index = blindIndex('email', email);
    const { contactEmail } = seal('Business', { id: businessId, contactEmail: email });
    const [made] = await visit.tx.$queryRaw<{ outcome: 'done' | 'taken' | 'unknown' }[]>`
      SELECT confirm_sign_up(
        ${hashOf(token)}, ${visit.now},
        ${userId}::uuid, ${user.email}, ${index.a}, ${index.b}, ${user.name},
        ${businessId}::uuid, ${contactEmail}, ${firstGreeting(businessName ?? '')}, ${JSON.stringify(firstHours)}::jsonb,
        ${firstLimit}::int) AS outcome`;
    if (made?.outcome !== 'done') return made?.outcome ?? 'unknown';
    visit.record({ action: 'user.create', resourceType: 'user', resourceId: userId, userId });
    if (businessName !== null) {
      visit.record({ action: 'business.create', resourceType: 'business', resourceId: businessId, userId, businessId });
      visit.record({ action: 'membership.create', resourceType: 'membership', resourceId: userId, userId, businessId });
    }
    return beginSession(visit, userId, desk);
  });
  if (typeof outcome === 'object') return outcome;
  await deny(outcome === 'taken' ? 'taken' : 'link');
  if (outcome === 'unknown') throw new Refusal(overSentence);
  throw new Refusal('There is an account with this e-mail by now. Sign in, or choose a new password.');
}

/** Whether a link can still be used, `null` where there is none. Looking changes nothing. */
export async function readConfirmation(desk: GuestDesk, { token }: Link): Promise<{ readonly works: boolean | null }> {
  if (token === '') return { works: null };
  return { works: (await desk.enter((visit) => findSignUp(visit, token))) !== null };
}
