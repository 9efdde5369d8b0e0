import type { Member, Visit } from '@/lib/platform/visit';
import { firstGreeting } from '@/lib/rules/first-business';
import { storedHours } from './stored-hours';

/** What a new business has seen to: a number to call, hours, a greeting of its own. */
export type FirstSteps = { readonly number: boolean; readonly hours: boolean; readonly greeting: boolean };

/** `null` once there is a number to call and somebody has said when people are there, if only that they never are. */
export async function firstSteps(visit: Visit<Member>): Promise<FirstSteps | null> {
  const { tx, viewer } = visit;
  const number = (await tx.phoneRoute.count({ where: { businessId: viewer.businessId } })) > 0;
  const { name, greeting, hoursSavedAt } = await tx.business.findFirstOrThrow({
    where: { id: viewer.businessId },
    select: { name: true, greeting: true, hoursSavedAt: true },
  });
  const hours =
    hoursSavedAt !== null || Object.values((await storedHours(visit)).weekly).some((shifts) => shifts.length > 0);
  if (number && hours) return null;
  return { number, hours, greeting: greeting !== firstGreeting(name) };
}
