import { countTry, networkOf } from '@/lib/platform/rate-limit';
import type { AuditEntry } from '@/lib/platform/visit';
import { anonymousDaily, anonymousHourly } from '@/lib/rules/lockout';
import type { GuestDesk } from './sign-in';

/**
 * Counts work that is done for somebody who is not signed in: so much an hour and a day for one network.
 *
 * @throws TooMany, with the denial in the trail.
 */
export async function countAnonymous(desk: GuestDesk, denial: AuditEntry['action']): Promise<void> {
  const network = networkOf(desk.origin.ipAddress);
  try {
    await countTry(anonymousHourly, network);
    await countTry(anonymousDaily, network);
  } catch (error) {
    await desk.enter(async (visit) =>
      visit.record({ action: denial, resourceType: 'user', details: { reason: 'limited' } }),
    );
    throw error;
  }
}
