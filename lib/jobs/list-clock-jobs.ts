import type { Operator, Visit } from '@/lib/platform/visit';
import { type ClockJobName, clockJobNames, isByOperator, isLate, nextStart } from '@/lib/rules/clock-jobs';

/** Runs of a job that are shown. */
const RUNS = 30;

type Run = {
  readonly startedAt: Date;
  /** `null`: it has not ended, and may be under way. */
  readonly endedAt: Date | null;
  readonly outcome: 'done' | 'failed' | 'abandoned' | null;
  readonly counts: Readonly<Record<string, number>>;
  /** What kind of error it was. */
  readonly error: string | null;
};

export type ShownClockJob = {
  readonly name: ClockJobName;
  /** The newest first. */
  readonly runs: readonly Run[];
  readonly isRunning: boolean;
  readonly isLate: boolean;
  readonly next: Date;
};

/** Jobs of one kind that were given up for the same error. */
type GivenUp = {
  readonly kind: string;
  readonly error: string | null;
  readonly count: number;
  readonly first: Date;
  readonly last: Date;
};

/** Everything the clock starts, with its last runs, and the jobs that were given up. */
export async function listClockJobs({ tx, now }: Visit<Operator>) {
  const { _min } = await tx.jobRun.aggregate({ _min: { startedAt: true } });
  const since = _min.startedAt ?? now;
  const jobs: ShownClockJob[] = [];
  for (const name of clockJobNames) {
    const found = await tx.jobRun.findMany({
      where: { job: name },
      orderBy: { startedAt: 'desc' },
      take: RUNS,
      select: { startedAt: true, leasedUntil: true, endedAt: true, outcome: true, counts: true, error: true },
    });
    const [last] = found;
    jobs.push({
      name,
      runs: found.map(({ startedAt, endedAt, outcome, counts, error }) => ({
        startedAt,
        endedAt,
        outcome,
        counts: countsOf(counts),
        error,
      })),
      isRunning: last?.endedAt === null && last.leasedUntil > now,
      isLate: !isByOperator(name) && isLate(name, last?.startedAt ?? null, since, now),
      next: nextStart(name, now),
    });
  }
  const givenUp = await tx.$queryRaw<GivenUp[]>`
    SELECT kind, last_error AS error, count(*)::int AS count, min(dead_at) AS first, max(dead_at) AS last
    FROM jobs WHERE dead_at IS NOT NULL GROUP BY kind, last_error ORDER BY max(dead_at) DESC, kind`;
  return { now, jobs, givenUp };
}

const countsOf = (counts: unknown): Readonly<Record<string, number>> =>
  Object.fromEntries(Object.entries(Object(counts)).filter(([, count]) => typeof count === 'number')) as Record<
    string,
    number
  >;
