import type { PrismaClient } from '@/lib/generated/prisma/client';
import type { Application } from './application';

/** What has not happened after so many runs does not happen. */
const MOST_RUNS = 30;

/**
 * What the clock would do in the hours after a fault: `reconcile` until it was through, and every job that waits for its
 * time. Twice, so that whatever is not brought once is brought twice, and seen.
 */
export async function catchUp(app: Application, owner: PrismaClient): Promise<void> {
  for (let round = 0; round < 2; round++) {
    await until('reconcile is through', async () => (await startJob(app, 'reconcile')).again === 0);
    const waiting = { doneAt: null, deadAt: null };
    await until('every job is done', async () => {
      await owner.job.updateMany({
        where: { ...waiting, lease: null },
        data: { runAt: new Date(Date.now() - 60_000) },
      });
      await startJob(app, 'sweep');
      return (await owner.job.count({ where: waiting })) === 0;
    });
  }
}

async function until(what: string, run: () => Promise<boolean>): Promise<void> {
  for (let runs = 1; !(await run()); runs++) {
    if (runs === MOST_RUNS) throw new Error(`Not within ${MOST_RUNS} runs: ${what}`);
  }
}

async function startJob(app: Application, job: string): Promise<Readonly<Record<string, unknown>>> {
  const headers = { authorization: `Bearer ${process.env.CRON_SECRET}` };
  return (await fetch(`${app.url}/api/cron/${job}`, { headers })).json();
}
