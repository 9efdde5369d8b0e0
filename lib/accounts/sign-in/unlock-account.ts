/** Wrong passwords closed an account; its owner opens it again with a link from the mail. */
import { findToken, spendToken, usedUp } from '@/lib/accounts/one-time-token';
import { liftLocks } from './reserve-try';
import type { GuestDesk } from './sign-in';

type Link = { readonly token: string };

/** @throws Refusal for a link that no longer works. */
export async function unlockAccount(desk: GuestDesk, { token }: Link): Promise<void> {
  const opened = await desk.enter(async (visit) => {
    const link = await findToken(visit, 'unlock', token);
    if (!link) {
      visit.record({ action: 'account.deny', resourceType: 'user', details: { reason: 'link' } });
      return false;
    }
    const { userId } = link;
    await spendToken(visit, link);
    await liftLocks(visit, userId);
    visit.record({ action: 'account.unlock', resourceType: 'user', resourceId: userId, userId });
    return true;
  });
  if (!opened) throw usedUp();
}

/** Whether a link can still be used. Looking changes nothing. */
export async function readUnlockLink(desk: GuestDesk, { token }: Link): Promise<{ works: boolean }> {
  const found = await desk.enter((visit) => findToken(visit, 'unlock', token));
  return { works: found !== null };
}
