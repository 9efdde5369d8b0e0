/** What a restored database lacks before it may serve: what was erased and promised since its backup was made. */
import type { ClockJob, ClockRun, Counts } from '@/lib/jobs/clock-job';

/** The ledger, which lies outside of the backups, from its beginning; and then what is past its time. */
const owed: readonly ClockJob[] = [];

/**
 * Makes up for what happened since the backup, and only then lets the application start. Fine to run twice.
 *
 * @throws whatever the ledger throws: one that cannot be read whole must not let anybody start.
 */
export async function finishRestore(run: ClockRun): Promise<Counts> {
  const counts: Record<string, number> = {};
  for (const job of owed) for (const [what, count] of Object.entries(await job(run))) counts[what] = count;
  await run.asSystem(({ tx, now }) =>
    tx.restore.updateMany({ where: { finishedAt: null }, data: { finishedAt: now } }),
  );
  return counts;
}
