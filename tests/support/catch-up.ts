import { expect } from 'vitest';
import type { PrismaClient } from '@/lib/generated/prisma/client';
import type { Application } from './application';

/** More runs than this take nothing out of the way any more. */
const MOST_RUNS = 20;

/**
 * What the clock would do in the hours after a fault: `reconcile` until it was through, and every job that waits for its
 * time. Twice, so that whatever is not brought once is brought twice, and seen.
 */
export async function catchUp(app: Application, owner: PrismaClient): Promise<void> {
  for (let round = 0; round < 2; round++) {
    await expect.poll(() => startJob(app, 'reconcile'), { timeout: 120_000 }).toMatchObject({ again: 0 });
    await workOff(app, owner);
  }
}

async function workOff(app: Application, owner: PrismaClient): Promise<void> {
  const waiting = { doneAt: null, deadAt: null };
  for (let run = 0; run < MOST_RUNS && (await owner.job.count({ where: waiting })) > 0; run++) {
    await owner.job.updateMany({
      where: { ...waiting, lease: null },
      data: { runAt: new Date(Date.now() - 60_000) },
    });
    await startJob(app, 'sweep');
  }
  expect(await owner.job.count({ where: waiting })).toBe(0);
}

async function startJob(app: Application, job: string): Promise<unknown> {
  const headers = { authorization: `Bearer ${process.env.CRON_SECRET}` };
  return (await fetch(`${app.url}/api/cron/${job}`, { headers })).json();
}
