import { isDeepStrictEqual } from 'node:util';
import { newId } from '@/lib/platform/clock';
import { Refusal } from '@/lib/platform/errors';
import { seal } from '@/lib/platform/sealing';
import type { Member, Visit } from '@/lib/platform/visit';
import type { FormValues } from '@/lib/rules/form-rows';
import { parsePeopleForm } from '@/lib/rules/people-form';
import { calledNumber } from './called-number';
import { changeBusiness } from './change-business';
import { dutyList } from './duty-list';

/**
 * Stores the duty list and when it is rung, as typed in the form of lib/rules/people-form.ts.
 *
 * @throws Refusal with what is wrong beside its field; nothing is stored then.
 */
export async function savePeople(visit: Visit<Member>, form: FormValues): Promise<void> {
  const { tx, viewer } = visit;
  const { businessId } = viewer;
  const { number, country } = await calledNumber(visit);
  const { list, errors } = parsePeopleForm(form, { calledNumber: number, country });
  if (Object.keys(errors).length > 0) {
    throw new Refusal('We did not save the people. Nothing has changed. Please look at what is marked.', errors);
  }
  const before = await tx.business.findFirstOrThrow({
    where: { id: businessId },
    select: { forwardWhenOpen: true, emergencyForwarding: true, ringSeconds: true },
  });
  const people = await dutyList(visit);
  const isSameList = isDeepStrictEqual(
    list.people,
    people.map(({ name, number: phone }) => ({ name, number: phone })),
  );
  if (!isSameList) {
    await tx.dutyContact.deleteMany({ where: { businessId } });
    // Who keeps their number stays who they are: what the history of calls says of them is still of them.
    const known = new Map(people.map((person) => [person.number, person.id]));
    const idOf = (phone: string) => {
      const id = known.get(phone) ?? newId();
      known.delete(phone); // a number may be on the list twice
      return id;
    };
    await tx.dutyContact.createMany({
      data: list.people.map((person, position) =>
        seal('DutyContact', { businessId, id: idOf(person.number), position, name: person.name, phone: person.number }),
      ),
    });
  }
  await changeBusiness(
    visit,
    {
      ...(list.ringWhileOpen !== before.forwardWhenOpen && { forwardWhenOpen: list.ringWhileOpen }),
      ...(list.emergency !== before.emergencyForwarding && { emergencyForwarding: list.emergency }),
      ...(list.ringSeconds !== before.ringSeconds && { ringSeconds: list.ringSeconds }),
    },
    isSameList ? [] : ['dutyContacts'],
  );
}
