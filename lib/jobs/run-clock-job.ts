/**
 * Runs what the clock starts: one run of a job at a time, whoever starts it and wherever, written down in `job_runs`. A
 * run holds a lease that it renews; one that was killed leaves a lease that runs out, and the next start says so.
 */
import { newId, now } from '@/lib/platform/clock';
import { enterAsSystem, enterByCall, nowhere } from '@/lib/platform/enter';
import { log } from '@/lib/platform/log';
import type { System, Visit } from '@/lib/platform/visit';
import { CLOCK_JOBS, type ClockJobName } from '@/lib/rules/clock-jobs';
import type { ClockJob, Counts, RunByCall } from './clock-job';
import { nameOf } from './name-of';
import { wantAlert } from './want-alert';

const LEASE_MS = 120_000;
const RENEW_MS = 30_000;

class LeaseLost extends Error {
  override name = 'LeaseLost';
}

/**
 * @returns what the run did, or `{ running: 1 }` where another one is under way, which is logged and no failure. A dry run
 *   takes no turn and is not written down.
 * @throws what the job throws, after it was written down and the operator was told.
 */
export async function runClockJob(
  name: ClockJobName,
  job: ClockJob<RunByCall>,
  { isDryRun = false } = {},
): Promise<Counts | { readonly running: 1 }> {
  const id = newId();
  if (isDryRun) {
    const { signal } = new AbortController();
    return job({ id, isDryRun, signal, asSystem: (act) => enterAsSystem(now(), act), inCall });
  }
  if (!(await begin(name, id))) {
    log.info({ event: 'clock_job.running_already', kind: name });
    return { running: 1 };
  }
  const begun = performance.now();
  const lease = keepLease(id);
  try {
    const counts = await job({ id, isDryRun, signal: lease.signal, asSystem: (act) => asSystem(id, act), inCall });
    await end(name, id, { outcome: 'done', counts });
    log.info({ event: 'clock_job.done', kind: name, durationMs: Math.round(performance.now() - begun) });
    return counts;
  } catch (error) {
    log.error({ event: 'clock_job.failed', kind: name, error });
    await end(name, id, { outcome: 'failed', error: nameOf(error) }).catch((cause) =>
      log.error({ event: 'clock_job.unwritten', kind: name, error: cause }),
    );
    throw error;
  } finally {
    lease.stop();
  }
}

/** Takes the turn, unless a run holds it; a run whose lease is over is written down as cut off. */
function begin(name: ClockJobName, id: string): Promise<boolean> {
  const at = now();
  return enterAsSystem(at, async (visit) => {
    const { tx } = visit;
    const { count: cutOff } = await tx.jobRun.updateMany({
      where: { job: name, endedAt: null, leasedUntil: { lte: at } },
      data: { endedAt: at, outcome: 'abandoned' },
    });
    if (cutOff > 0) await wantTold(visit, name);
    await tx.jobRun.deleteMany({
      where: { job: name, startedAt: { lt: daysBefore(at, CLOCK_JOBS[name].recordKept) } },
    });
    const { count } = await tx.jobRun.createMany({
      data: { id, job: name, startedAt: at, leasedUntil: leaseFrom(at) },
      skipDuplicates: true,
    });
    return count > 0;
  });
}

const leaseFrom = (at: Date) => new Date(at.getTime() + LEASE_MS);
const daysBefore = (at: Date, days: number) => new Date(at.getTime() - days * 86_400_000);

/** Renews the lease while the run goes on. A database that is away for a moment is asked again; a lease that is over is not. */
function keepLease(id: string): { readonly signal: AbortSignal; readonly stop: () => void } {
  const lost = new AbortController();
  const renew = async () => {
    const at = now();
    const { count } = await enterAsSystem(at, ({ tx }) =>
      tx.jobRun.updateMany({
        where: { id, endedAt: null, leasedUntil: { gt: at } },
        data: { leasedUntil: leaseFrom(at) },
      }),
    );
    if (count === 0) lost.abort(new LeaseLost('the lease of this run is over'));
  };
  const timer = setInterval(() => {
    renew().catch((error: unknown) => log.warn({ event: 'clock_job.lease_not_renewed', error }));
  }, RENEW_MS);
  return { signal: lost.signal, stop: () => clearInterval(timer) };
}

/** Held until the transaction ends, or another run could begin between this look and what is written. */
function asSystem<T>(id: string, act: (visit: Visit<System>) => Promise<T>): Promise<T> {
  const at = now();
  return enterAsSystem(at, async (visit) => {
    const held = await visit.tx.$queryRaw<unknown[]>`
      SELECT id FROM job_runs WHERE id = ${id}::uuid AND ended_at IS NULL AND leased_until > ${at} FOR SHARE`;
    if (held.length === 0) throw new LeaseLost('the lease of this run is over');
    return act(visit);
  });
}

const inCall: RunByCall['inCall'] = (callSid, called, act) => enterByCall(callSid, nowhere, now(), act, { called });

type End =
  | { readonly outcome: 'done'; readonly counts: Counts }
  | { readonly outcome: 'failed'; readonly error: string };

/** Writes how the run ended, and with a failure that the operator is to be told. */
function end(name: ClockJobName, id: string, how: End): Promise<void> {
  const at = now();
  return enterAsSystem(at, async (visit) => {
    await visit.tx.jobRun.updateMany({ where: { id, endedAt: null }, data: { ...how, endedAt: at } });
    if (how.outcome === 'failed') await wantTold(visit, name);
  });
}

const wantTold = (visit: Visit<System>, name: ClockJobName): Promise<void> =>
  wantAlert(visit, {
    alert: 'clock_job_failed',
    reference: name,
    about: `clock-job-failed ${name}`,
    each: 'hour',
  });
