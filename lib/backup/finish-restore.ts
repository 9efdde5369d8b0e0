/** What a restored database lacks before it may serve: what happened since its backup was made, and must hold all the same. */
import { keepLostSeals } from '@/lib/audit/keep-lost-seals';
import type { ClockRun, Counts } from '@/lib/jobs/clock-job';
import { type Replayed, replayLedger } from '@/lib/privacy/replay-ledger';
import { retention } from '@/lib/privacy/retention';

export type Finished = {
  /** Who was erased since is erased again, and what was promised since is promised. */
  readonly replayed: Replayed;
  /** Segments of the trail that were sealed since, and whose entries are lost. */
  readonly lostSeals: number;
  /** What is past its time. */
  readonly retained: Counts;
};

/**
 * Takes over lost seals, before anything is sealed anew; replays the ledger, from its beginning; runs retention, which
 * goes by what the ledger says of holds and periods; and only then lets the application start. Fine to run twice.
 *
 * @throws whatever the ledger throws: one that cannot be read whole must not let anybody start.
 */
export async function finishRestore(run: ClockRun): Promise<Finished> {
  const lostSeals = await keepLostSeals(run);
  const replayed = await replayLedger(run);
  const retained = await retention(run);
  await run.asSystem(({ tx, now }) =>
    tx.restore.updateMany({ where: { finishedAt: null }, data: { finishedAt: now } }),
  );
  return { lostSeals, replayed, retained };
}
