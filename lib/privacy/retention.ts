/**
 * The jobs `retention` and `anonymise`: what is over goes. What a business chose, and what is held, is read in the
 * transaction that deletes (terms.ts); which column ends with which period stands on the data map.
 */
import { removeSealedSegments } from '@/lib/audit/remove-sealed-segments';
import type { ClockJob, ClockRun } from '@/lib/jobs/clock-job';
import { all, columnOf, type Sql, sql, tableOf } from '@/lib/platform/sql';
import type { Model } from '@/lib/rules/data-map';
import {
  BUSINESS_ROWS_KEPT,
  type ChosenPeriod,
  daysKept,
  endingOf,
  JOBS_KEPT,
  KEPT_DAYS,
  overBefore,
  ROWS_KEPT,
} from '@/lib/rules/retention';
import { anonymise } from './anonymise';
import { readMoment } from './moment';
import { markRecordings, removeMarked } from './remove-recordings';
import { holdTerms, notHeld } from './terms';
import { blanking, deleting, looking, noting, type Road, type Take, type Walked, walk } from './walk';

/** Rows in a transaction that also takes files, or rows of other tables. */
const SMALL_SLICE = 500;

type Gone = 'recordings' | 'transcripts' | 'words' | 'calls' | 'appointments' | 'rows';
/** How many went, and how many seconds the oldest of them had been over. */
type Tally = Record<Gone | 'pastDueSeconds', number>;

const emptyTally = (): Tally => ({
  recordings: 0,
  transcripts: 0,
  words: 0,
  calls: 0,
  appointments: 0,
  rows: 0,
  pastDueSeconds: 0,
});

function add(tally: Tally, what: Gone, { count, pastDueSeconds }: Walked): void {
  tally[what] += count;
  tally.pastDueSeconds = Math.max(tally.pastDueSeconds, pastDueSeconds);
}

/** Daily: everything whose time is over. */
export const retention: ClockJob = async (run) => {
  const moment = await readMoment(run);
  const whole = emptyTally();
  for await (const businessId of longestWaiting(run, moment)) {
    const tally = emptyTally();
    await lookAfter(run, businessId, moment, tally);
    if (!run.isDryRun) await report(run, businessId, moment, tally);
    const { pastDueSeconds, ...counts } = tally;
    for (const [what, count] of Object.entries(counts)) add(whole, what as Gone, { count, pastDueSeconds });
  }
  await clearRows(run, moment, whole);
  const entries = await removeSealedSegments(run, overBefore(KEPT_DAYS.audit, moment));
  return { ...whole, entries, retried: run.isDryRun ? 0 : await retryRemoteDeletions(run) };
};

/** Monthly, and on demand: calls and appointments alone. `retention` does it each day as well, so that a year is a year. */
export const anonymiseOld: ClockJob = async (run) => {
  const moment = await readMoment(run);
  const tally = emptyTally();
  for await (const businessId of longestWaiting(run, moment)) {
    for (const model of ['Call', 'Appointment'] as const) await anonymiseAll(run, businessId, model, moment, tally);
  }
  return { calls: tally.calls, appointments: tally.appointments, pastDueSeconds: tally.pastDueSeconds };
};

const BUSINESSES_AT_A_TIME = 100;

/** Every business, those first that were looked after longest ago: runs that never get to their end still get round. */
async function* longestWaiting({ asSystem }: ClockRun, moment: Date): AsyncIterable<string> {
  const never = new Date(0);
  let last = { at: never, id: '00000000-0000-0000-0000-000000000000' };
  for (;;) {
    const found = await asSystem(
      ({ tx }) => tx.$queryRaw<{ id: string; at: Date }[]>`
        SELECT b.id, coalesce(r.looked_at, ${never}) AS at
        FROM businesses b LEFT JOIN retention_reports r ON r.business_id = b.id
        WHERE (coalesce(r.looked_at, ${never}), b.id) > (${last.at}, ${last.id}::uuid)
          AND r.looked_at IS DISTINCT FROM ${moment}
        ORDER BY 2, 1 LIMIT ${BUSINESSES_AT_A_TIME}`,
    );
    for (const { id } of found) yield id;
    const end = found.at(-1);
    if (!end) return;
    last = end;
  }
}

async function lookAfter(run: ClockRun, businessId: string, moment: Date, tally: Tally): Promise<void> {
  await removeRecordings(run, businessId, moment, tally);
  for (const model of ['Transcript', 'Call', 'CallEvent', 'Appointment'] as const)
    await forgetWords(run, businessId, model, moment, tally);
  for (const model of ['Call', 'Appointment'] as const) await anonymiseAll(run, businessId, model, moment, tally);
  for (const [model, { from, days }] of Object.entries(BUSINESS_ROWS_KEPT)) {
    const road: Road = {
      model: model as Model,
      from,
      where: all([sql`business_id = ${businessId}::uuid`, notHeld.business(businessId)]),
      cutoff: async (visit) => ((await holdTerms(visit, businessId)) ? overBefore(days, moment) : null),
    };
    add(tally, 'rows', await walk(run, road, run.isDryRun ? looking(road) : deleting(road)));
  }
}

/** The column that the time of each runs from: an appointment's from its end, since it may have been made a year before. */
const runsFrom = {
  Recording: 'createdAt',
  Transcript: 'createdAt',
  CallEvent: 'at',
  Call: 'startedAt',
  Appointment: 'endsAt',
} as const;
type Personal = keyof typeof runsFrom;

/** What of a model ends with a period that the business chose, held calls left out. */
function roadOf(model: Personal, period: ChosenPeriod, businessId: string, moment: Date, ...where: Sql[]): Road {
  const notHeldHere =
    model === 'Appointment'
      ? notHeld.appointment(businessId)
      : notHeld.call(businessId, model === 'Call' ? sql`id` : sql`call_id`);
  return {
    model,
    from: runsFrom[model],
    where: all([sql`business_id = ${businessId}::uuid`, ...where, notHeldHere]),
    cutoff: async (visit) => {
      const terms = await holdTerms(visit, businessId);
      return terms && overBefore(daysKept(terms.policy, period), moment);
    },
  };
}

async function removeRecordings(run: ClockRun, businessId: string, moment: Date, tally: Tally): Promise<void> {
  const road = roadOf('Recording', 'recording', businessId, moment);
  const take: Take = async (visit, after, cutoff) => {
    const which = all([road.where, sql`created_at >= ${after}`, sql`created_at < ${cutoff}`]);
    const { ids, oldest, newest } = await markRecordings(visit, businessId, which, SMALL_SLICE);
    return {
      count: ids.length,
      oldest,
      next: ids.length === SMALL_SLICE ? newest : null,
      afterwards: () => removeMarked(run, businessId, ids, 'retention'),
    };
  };
  add(tally, 'recordings', await walk(run, road, run.isDryRun ? looking(road) : take));
}

/** Transcripts, and what else was said: rows that go, or a column of rows that stay. The data map says which. */
async function forgetWords(
  run: ClockRun,
  businessId: string,
  model: Exclude<Personal, 'Recording'>,
  moment: Date,
  tally: Tally,
): Promise<void> {
  const ending = endingOf(model, 'transcript');
  if (ending === null) return;
  if (ending.goes) {
    const road = roadOf(model, 'transcript', businessId, moment);
    const take = noting(deleting(road), { action: 'transcript.delete', businessId });
    return add(tally, 'transcripts', await walk(run, road, run.isDryRun ? looking(road) : take));
  }
  for (const column of Object.keys(ending.columns)) {
    const road = roadOf(model, 'transcript', businessId, moment, sql`${columnOf(column)} IS NOT NULL`);
    const action = model === 'Appointment' ? 'appointment.update' : 'call.update';
    const take = noting(blanking(road, column), { action, businessId, fields: [column] });
    add(tally, 'words', await walk(run, road, run.isDryRun ? looking(road) : take));
  }
}

/** A call whose recordings or transcripts are still here is still somebody's. */
const nothingLeft = sql`NOT EXISTS (SELECT FROM recordings r WHERE r.business_id = calls.business_id AND r.call_id = calls.id)
  AND NOT EXISTS (SELECT FROM transcripts t WHERE t.business_id = calls.business_id AND t.call_id = calls.id)`;

async function anonymiseAll(
  run: ClockRun,
  businessId: string,
  model: 'Call' | 'Appointment',
  moment: Date,
  tally: Tally,
): Promise<void> {
  const what = model === 'Call' ? 'calls' : 'appointments';
  const road = roadOf(model, 'metadata', businessId, moment, sql`NOT anonymised`);
  if (run.isDryRun) return add(tally, what, await walk(run, road, looking(road)));
  const [table, time] = [tableOf(model), columnOf(road.from)];
  const where = model === 'Call' ? all([road.where, nothingLeft]) : road.where;
  const take: Take = async (visit, after, cutoff) => {
    const found = await visit.tx.$queryRaw<{ id: string; at: Date }[]>`
      SELECT id, ${time} AS at FROM ${table}
      WHERE ${where} AND ${time} >= ${after} AND ${time} < ${cutoff} ORDER BY ${time} LIMIT ${SMALL_SLICE} FOR UPDATE`;
    const { zone } = (await holdTerms(visit, businessId)) ?? { zone: 'UTC' };
    const count = await anonymise(visit, model, { businessId, ids: found.map(({ id }) => id), zone });
    const [oldest = null, newest = null] = [found.at(0)?.at, found.at(-1)?.at];
    return { count, oldest, next: count === SMALL_SLICE ? newest : null };
  };
  const action = model === 'Call' ? 'call.anonymise' : 'appointment.anonymise';
  add(tally, what, await walk(run, road, noting(take, { action, businessId })));
}

async function report({ asSystem }: ClockRun, businessId: string, moment: Date, tally: Tally): Promise<void> {
  const { recordings, transcripts, calls, appointments, pastDueSeconds } = tally;
  const data = { lookedAt: moment, recordings, transcripts, calls, appointments, pastDueSeconds };
  await asSystem(async ({ tx }) => {
    const { count } = await tx.retentionReport.updateMany({ where: { businessId }, data });
    if (count > 0) return;
    // A business that has gone in the meantime needs none.
    await tx.$executeRaw`
      INSERT INTO retention_reports (business_id, looked_at, recordings, transcripts, calls, appointments, past_due_seconds)
      SELECT id, ${moment}, ${recordings}, ${transcripts}, ${calls}, ${appointments}, ${pastDueSeconds}
      FROM businesses WHERE id = ${businessId}::uuid ON CONFLICT DO NOTHING`;
  });
}

/** A grant that is shown says when its session ended, so that one stays as long as the grant. */
const stillNamed: Partial<Record<Model, Sql>> = {
  Session: sql`NOT EXISTS (SELECT FROM access_grants g WHERE g.session_id = sessions.id)`,
};
/** What is still to be deleted at Twilio is never forgotten. */
const remoteDeletions = ['delete_remote_recording', 'erase_remote_recording', 'delete_remote_transcription'];

/** Rows with a clock of their own: links, sign-ups, sessions that are over, jobs that are done. */
async function clearRows(run: ClockRun, moment: Date, tally: Tally): Promise<void> {
  const roads: Road[] = [
    ...Object.entries(ROWS_KEPT).map(([model, { from, days }]) => ({
      model: model as Model,
      from,
      where: stillNamed[model as Model] ?? sql`true`,
      cutoff: async () => overBefore(days, moment),
    })),
    { model: 'Job', from: 'doneAt', where: sql`true`, cutoff: async () => overBefore(JOBS_KEPT.done, moment) },
    {
      model: 'Job',
      from: 'deadAt',
      where: sql`kind <> ALL(${remoteDeletions})`,
      cutoff: async () => overBefore(JOBS_KEPT.dead, moment),
    },
  ];
  for (const road of roads) add(tally, 'rows', await walk(run, road, run.isDryRun ? looking(road) : deleting(road)));
}

/** Copies at Twilio that could not be deleted are tried again each day until they are gone. */
async function retryRemoteDeletions({ asSystem }: ClockRun): Promise<number> {
  return asSystem(async ({ tx, now }) => {
    const { count } = await tx.job.updateMany({
      where: { kind: { in: remoteDeletions }, deadAt: { not: null } },
      data: { deadAt: null, attempts: 0, runAt: now },
    });
    return count;
  });
}
