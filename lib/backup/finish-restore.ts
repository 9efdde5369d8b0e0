/** What a restored database lacks before it may serve: what was erased and promised since its backup was made. */
import { keepLostSeals } from '@/lib/audit/keep-lost-seals';
import type { ClockRun } from '@/lib/jobs/clock-job';

export type Finished = {
  /** Segments of the trail that were sealed since the backup, and whose entries are lost. */
  readonly lostSeals: number;
};

/**
 * Makes up for what happened since the backup, and only then lets the application start. Fine to run twice.
 *
 * @throws whatever the ledger throws: one that cannot be read whole must not let anybody start.
 */
export async function finishRestore(run: ClockRun): Promise<Finished> {
  const lostSeals = await keepLostSeals(run);
  await run.asSystem(({ tx, now }) =>
    tx.restore.updateMany({ where: { finishedAt: null }, data: { finishedAt: now } }),
  );
  return { lostSeals };
}
