import { calledNumber } from '@/lib/businesses/called-number';
import { Refusal } from '@/lib/platform/errors';
import { blindIndex, hasIndex } from '@/lib/platform/sealing';
import type { Member, Visit } from '@/lib/platform/visit';
import { toE164 } from '@/lib/rules/phone-number';
import { newestFirst } from './call-row';

/**
 * Looks for a whole number among the callers. Gives the id of their newest call, which stands for them in addresses.
 *
 * @throws Refusal when nobody has called from it.
 */
export async function findCaller(visit: Visit<Member>, { number }: { readonly number: string }): Promise<string> {
  const { country } = await calledNumber(visit);
  const e164 = toE164(number, country);
  if (e164 === null) {
    throw new Refusal('We have not looked yet.', {
      number: 'This is not a whole number. Type it as you would dial it, such as +1 415 555 0132.',
    });
  }
  const call = await visit.tx.call.findFirst({
    where: { businessId: visit.viewer.businessId, ...hasIndex('callerNumberIndex', blindIndex('phone', e164)) },
    select: { id: true },
    orderBy: newestFirst,
  });
  if (!call) throw new Refusal('No such calls.', { number: 'Nobody has called from this number.' });
  visit.record({ action: 'call.search', resourceType: 'call', resourceId: call.id });
  return call.id;
}
