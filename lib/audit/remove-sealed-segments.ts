import type { ClockRun } from '@/lib/jobs/clock-job';

/** Segments that are looked up at once. */
const BATCH = 100;

/**
 * Retention of the trail: removes the entries of every segment whose newest entry is older than `before`, whole segments
 * and nothing else; their seals stay. The database refuses what is younger than the promised two years, whatever `before`
 * says. Killed or run twice, it removes each once.
 *
 * @returns how many entries went, or in a dry run how many would.
 */
export async function removeSealedSegments(run: ClockRun, before: Date): Promise<number> {
  const due = { removedAt: null, lost: null, newest: { lt: before } };
  if (run.isDryRun) {
    const { _sum } = await run.asSystem(({ tx }) => tx.auditSegment.aggregate({ where: due, _sum: { entries: true } }));
    return _sum.entries ?? 0;
  }
  let removed = 0;
  for (;;) {
    run.signal.throwIfAborted();
    const segments = await run.asSystem(({ tx }) =>
      tx.auditSegment.findMany({
        where: due,
        orderBy: { newest: 'asc' },
        take: BATCH,
        select: { chain: true, number: true },
      }),
    );
    let gone = 0;
    for (const { chain, number } of segments) {
      const [{ entries } = { entries: 0 }] = await run.asSystem(
        ({ tx }) => tx.$queryRaw<{ entries: number }[]>`
          SELECT remove_sealed_segment(${chain}::uuid, ${number}::integer) AS entries`,
      );
      gone += entries;
    }
    if (gone === 0) return removed; // nothing is left, or nothing that the database lets go of
    removed += gone;
  }
}
