import { now } from '@/lib/platform/clock';
import { Refusal } from '@/lib/platform/errors';
import type { Operator, Visit } from '@/lib/platform/visit';

/**
 * Lets every job of a kind that was given up be tried again from the beginning. What it was to do happens once, as ever,
 * or at least once outside the database.
 *
 * @returns how many that are.
 * @throws Refusal where there are none any more.
 */
export async function tryAgain({ tx, record }: Visit<Operator>, { kind }: { readonly kind: string }): Promise<number> {
  const { count } = await tx.job.updateMany({
    where: { kind, deadAt: { not: null } },
    data: { deadAt: null, attempts: 0, runAt: now() }, // by the clock that the workers have
  });
  if (count === 0) throw new Refusal('None of these is given up any more.');
  record({ action: 'job.retry', resourceType: 'job', resourceId: kind });
  return count;
}
