import type { System, Visit } from '@/lib/platform/visit';

/** Jobs that are due and not done, the seconds that the oldest of them has been, and the jobs that were given up. */
export async function jobFigures(
  visit: Visit<System>,
): Promise<{ readonly due: number; readonly oldestSeconds: number; readonly dead: number }> {
  const waiting = { doneAt: null, deadAt: null, heldAt: null, runAt: { lte: visit.now } };
  const { _count, _min } = await visit.tx.job.aggregate({ where: waiting, _count: true, _min: { runAt: true } });
  const dead = await visit.tx.job.count({ where: { deadAt: { not: null } } });
  const oldest = _min.runAt ? visit.now.getTime() - _min.runAt.getTime() : 0;
  return { due: _count, oldestSeconds: Math.floor(oldest / 1000), dead };
}
