import { Refusal } from '@/lib/platform/errors';
import type { Member, Visit } from '@/lib/platform/visit';
import { isSameNumber, toE164 } from '@/lib/rules/phone-number';
import { calledNumber } from './called-number';
import { changeBusiness } from './change-business';
import { dutyList } from './duty-list';

/**
 * Sets the number that callers dial. The one before it is let go.
 *
 * @throws Refusal for what is no number, for one that is on the duty list, and for one that somebody else has: whose it
 * is stays unsaid.
 */
export async function saveNumber(visit: Visit<Member>, form: { readonly number: string }): Promise<void> {
  const { tx, viewer } = visit;
  const before = await calledNumber(visit);
  const number = toE164(form.number, before.country);
  if (number === null) throw refusal('This is not a whole number. Write it with its country code: +1 415 555 0132.');
  if (number === before.number) return changeBusiness(visit, {});

  const onDuty = (await dutyList(visit)).some((person) => isSameNumber(person.number, number));
  if (onDuty) {
    throw refusal('Somebody on your duty list has this number. A call to it would ring itself: change one of the two.');
  }
  // Where another business has it, nothing is inserted, and no more is learned than that.
  const { count } = await tx.phoneRoute.createMany({
    data: { number, businessId: viewer.businessId, createdAt: visit.now },
    skipDuplicates: true,
  });
  if (count === 0) throw refusal('This number is in use here already. If it is yours, write to us.');
  await tx.phoneRoute.deleteMany({ where: { businessId: viewer.businessId, number: { not: number } } });
  await changeBusiness(visit, {}, ['number']);
}

const refusal = (number: string) =>
  new Refusal('We did not save the number. Nothing has changed. Please look at what is marked.', { number });
