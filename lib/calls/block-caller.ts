import { Refusal } from '@/lib/platform/errors';
import type { Member, Visit } from '@/lib/platform/visit';
import { callerNumber } from './caller-number';
import { markCaller } from './known-caller';

/**
 * Whoever made a call is turned away from now on.
 *
 * @throws Refusal where there is no number to know them by.
 */
export async function blockCaller(visit: Visit<Member>, { id }: { readonly id: string }): Promise<void> {
  const number = await callerNumber(visit, id);
  if (number === null)
    throw new Refusal('This caller showed no number, so there is nothing to block. Nothing has changed.');
  await markCaller(visit, number, 'blocked');
  visit.record({ action: 'caller.block', resourceType: 'call', resourceId: id });
}
