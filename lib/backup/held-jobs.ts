/** Jobs that were wanted before a restore: perhaps they were done since, perhaps nobody wants them any more. */
import { Refusal } from '@/lib/platform/errors';
import type { Operator, Visit } from '@/lib/platform/visit';

const held = { heldAt: { not: null }, doneAt: null, deadAt: null };
const noneLeft = () => new Refusal('Nothing is held any more.');

/** Lets them be done. What they say to people may be said for the second time. */
export async function letGo({ tx, record }: Visit<Operator>): Promise<number> {
  const { count } = await tx.job.updateMany({ where: held, data: { heldAt: null } });
  if (count === 0) throw noneLeft();
  record({ action: 'job.release', resourceType: 'job' });
  return count;
}

/** Gives them up. Their rows stay, among those that came to nothing. */
export async function dropHeld({ tx, now, record }: Visit<Operator>): Promise<number> {
  const { count } = await tx.job.updateMany({
    where: held,
    data: { heldAt: null, deadAt: now, lastError: 'Dropped after a restore' },
  });
  if (count === 0) throw noneLeft();
  record({ action: 'job.drop', resourceType: 'job' });
  return count;
}

/** Notes that somebody has a backup made: it begins behind the answer. */
export async function wantBackup({ record }: Visit<Operator>): Promise<void> {
  record({ action: 'job.start', resourceType: 'job', resourceId: 'backup' });
}
