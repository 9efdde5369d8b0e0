/** The second step of a sign-in: a code of the app, or a recovery code. */

import { countOrDeny } from '@/lib/accounts/sign-in/count-or-deny';
import { letTryStand, reserveTryOf, type Try, takeTryBack } from '@/lib/accounts/sign-in/reserve-try';
import {
  beginSession,
  closedSentence,
  type GuestDesk,
  reasonToBar,
  type SignedIn,
} from '@/lib/accounts/sign-in/sign-in';
import { Refusal } from '@/lib/platform/errors';
import { networkOf } from '@/lib/platform/rate-limit';
import { triesPerAccount } from '@/lib/rules/lockout';
import { codesPerAccount } from '@/lib/rules/second-factor';
import { findPending, spendPending, waitedTooLong } from './pending-sign-in';
import { recogniseCode, spendCode } from './spend-code';

class WrongCode extends Error {}

type Attempt = { readonly pendingId: string | null; readonly code: string };

/**
 * Begins the session that a right password has asked for. A code counts as a failure before it is looked at, in the same
 * budget as passwords.
 *
 * @throws TooMany, Uncounted, or Refusal.
 */
export async function passSecondFactor(desk: GuestDesk, { pendingId, code: typed }: Attempt): Promise<SignedIn> {
  const pending = await desk.enter((visit) => findPending(visit, pendingId));
  if (!pending) throw waitedTooLong();
  const { userId } = pending;
  const deny = (reason: string, tried?: Try) =>
    desk.enter(async (visit) => {
      if (tried) await letTryStand(visit, tried);
      visit.record({ action: 'session.deny', resourceType: 'session', userId, details: { reason } });
    });
  const tries = [
    [triesPerAccount, `${userId} ${networkOf(desk.origin.ipAddress)}`],
    [codesPerAccount, userId],
  ] as const;
  await countOrDeny(tries, deny);
  const tried = await desk.enter((visit) => reserveTryOf(visit, userId, desk.deviceId));
  if (!tried) {
    await deny('locked');
    throw new Refusal(closedSentence);
  }
  try {
    const code = await recogniseCode(desk, userId, typed);
    if (!code) throw new WrongCode();
    const begun = await desk.enter(async (visit) => {
      // Somebody may have been barred while the code was missing, or comes from elsewhere now.
      const barred = await reasonToBar(visit, userId, desk.origin.ipAddress);
      if (barred !== null) return { barred };
      await spendPending(visit, pending);
      if (!(await spendCode(visit, userId, code))) throw new WrongCode(); // and the sign-in goes on waiting
      await takeTryBack(visit, userId, tried.deviceId);
      return beginSession(visit, userId, desk);
    });
    if (!('barred' in begun)) return begun;
    await deny(begun.barred, tried);
    throw waitedTooLong();
  } catch (error) {
    if (!(error instanceof WrongCode)) throw error;
    await deny('wrong code', tried);
    throw new Refusal('Please check what is marked.', { code: wrongCode });
  }
}

/** Said of a code that is wrong, too old, or used: whoever guesses learns nothing of which. */
export const wrongCode =
  'This code is not right, or was used already. Wait for the next one in your app. Its clock must be right to the half minute.';

/** Whether there is a sign-in that waits for a code. Looking changes nothing. */
export async function readPending(desk: GuestDesk, pendingId: string | null): Promise<boolean> {
  return (await desk.enter((visit) => findPending(visit, pendingId))) !== null;
}
