/** The job: looks for what does not happen, and tells the operator, of one thing once. */
import type { System, Visit } from '@/lib/platform/visit';
import type { Alert } from '@/lib/rules/alerts';
import { isLate, servedClockJobs } from '@/lib/rules/clock-jobs';
import { isMessageMissing, isUnusuallyQuiet, LOOKING_BACK, SAVING_PATIENCE, USUAL_DAYS } from '@/lib/rules/watch';
import type { ClockRun, Counts } from './clock-job';
import { wantAlert } from './want-alert';

const before = (at: Date, minutes: number) => new Date(at.getTime() - minutes * 60_000);
const DAY = 1_440;

/** Something that the operator is to be told of, once by `key`. */
type News = { readonly alert: Alert; readonly key: string; readonly reference: string };

/** `late` jobs, businesses with `unsaved` messages, `quiet` lines: those that are so now, told before or not. */
export async function watch(run: ClockRun): Promise<Counts> {
  const late = await run.asSystem(lateJobs);
  const unsaved = await run.asSystem(missingMessages);
  const quiet = await quietLines(run);
  if (!run.isDryRun) {
    for (const { alert, key, reference } of [...late, ...unsaved, ...quiet]) {
      await run.asSystem((visit) => wantAlert(visit, { alert, reference, about: key }));
    }
  }
  return { late: late.length, unsaved: unsaved.length, quiet: quiet.length };
}

/** When each job began last, and when any did first: a job that never ran is late by that. */
async function lateJobs({ tx, now }: Visit<System>): Promise<News[]> {
  const { _min } = await tx.jobRun.aggregate({ _min: { startedAt: true } });
  const since = _min.startedAt;
  if (!since) return [];
  const late: News[] = [];
  for (const job of servedClockJobs) {
    const last = await tx.jobRun.findFirst({
      where: { job },
      orderBy: { startedAt: 'desc' },
      select: { startedAt: true },
    });
    if (!isLate(job, last?.startedAt ?? null, since, now)) continue;
    const key = `clock-job-late ${job} ${last?.startedAt.toISOString() ?? 'never'}`;
    late.push({ alert: 'clock_job_late', key, reference: job });
  }
  return late;
}

/** Of each business one call, and one alert a day: where one message is missing, many are. */
async function missingMessages({ tx, now }: Visit<System>): Promise<News[]> {
  const calls = await tx.$queryRaw<{ businessId: string; id: string; kinds: string[] }[]>`
    SELECT c.business_id AS "businessId", c.id, array_agg(e.kind) AS kinds
    FROM businesses b
    CROSS JOIN LATERAL (
      SELECT business_id, id FROM calls WHERE business_id = b.id AND started_at >= ${before(now, LOOKING_BACK * 60)}
        AND ended_at < ${before(now, SAVING_PATIENCE)}) c
    JOIN call_events e ON e.business_id = c.business_id AND e.call_id = c.id
    GROUP BY c.business_id, c.id ORDER BY c.id`;
  const missing = new Map<string, string>();
  for (const { businessId, id, kinds } of calls) if (isMessageMissing(kinds)) missing.set(businessId, id);
  const day = now.toISOString().slice(0, 10);
  return [...missing].map(([businessId, reference]) => ({
    alert: 'message_missing',
    key: `message-missing ${businessId} ${day}`,
    reference,
  }));
}

async function quietLines(run: ClockRun): Promise<News[]> {
  const silent = await run.asSystem(
    ({ tx, now }) => tx.$queryRaw<{ id: string; last: Date }[]>`
      SELECT b.id, c.started_at AS last FROM businesses b CROSS JOIN LATERAL (
        SELECT started_at FROM calls WHERE business_id = b.id ORDER BY started_at DESC LIMIT 1) c
      WHERE b.suspended_at IS NULL
        AND c.started_at > ${before(now, USUAL_DAYS * DAY)} AND c.started_at < ${before(now, DAY)}`,
  );
  const quiet: News[] = [];
  for (const { id, last } of silent) {
    run.signal.throwIfAborted();
    const isQuiet = await run.asSystem(async ({ tx, now }) => {
      const calls = await tx.call.findMany({
        where: { businessId: id, startedAt: { gte: before(last, USUAL_DAYS * DAY), lte: last } },
        select: { startedAt: true },
      });
      return isUnusuallyQuiet(
        calls.map(({ startedAt }) => startedAt),
        now,
      );
    });
    if (isQuiet) quiet.push({ alert: 'line_quiet', key: `line-quiet ${id} ${last.toISOString()}`, reference: id });
  }
  return quiet;
}
