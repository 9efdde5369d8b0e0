import { isDeepStrictEqual } from 'node:util';
import { Refusal } from '@/lib/platform/errors';
import type { Member, Visit } from '@/lib/platform/visit';
import type { FormValues } from '@/lib/rules/form-rows';
import { parseHoursForm } from '@/lib/rules/hours-form';
import { changeBusiness } from './change-business';
import { storedHours } from './stored-hours';

/**
 * Stores the hours as typed in the form of lib/rules/hours-form.ts. The first time counts also where nothing differs:
 * somebody has said that they are right.
 *
 * @throws Refusal with what is wrong beside its field; nothing is stored then.
 */
export async function saveHours(visit: Visit<Member>, form: FormValues): Promise<void> {
  const { hours, errors } = parseHoursForm(form);
  if (Object.keys(errors).length > 0) {
    throw new Refusal('We did not save the hours. Nothing has changed. Please look at what is marked.', errors);
  }
  const before = await storedHours(visit);
  await visit.tx.business.updateMany({
    where: { id: visit.viewer.businessId, hoursSavedAt: null },
    data: { hoursSavedAt: visit.now },
  });
  await changeBusiness(visit, {
    ...(hours.zone !== before.zone && { zone: hours.zone }),
    ...(!isDeepStrictEqual(hours.weekly, before.weekly) && { weeklyHours: hours.weekly }),
    ...(!isDeepStrictEqual(hours.exceptions, before.exceptions) && {
      exceptions: hours.exceptions.map(({ date, shifts, reason }) => ({
        date,
        reason,
        shifts: shifts.map((s) => [...s]),
      })),
    }),
  });
}
