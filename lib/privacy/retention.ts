/**
 * The jobs `retention` and `anonymise`: what is over goes. What a business chose, and what is held, is read in the
 * transaction that deletes (terms.ts); which column ends with which period stands on the data map.
 */
import { removeSealedSegments } from '@/lib/audit/remove-sealed-segments';
import type { ClockJob, ClockRun } from '@/lib/jobs/clock-job';
import { all, columnOf, type Sql, sql } from '@/lib/platform/sql';
import type { System, Visit } from '@/lib/platform/visit';
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
import { holdTerms, notHeld, type Terms } from './terms';
import { blanking, deleting, looking, noting, type Road, type Rows, type Take, type Tally, taking, walk } from './walk';

/** Rows in a slice that also takes files. */
const FILES = 500;
/** Calls in a slice: each takes rows of other tables with it. */
const CALLS = 1_000;

type What = 'recordings' | 'transcripts' | 'words' | 'calls' | 'appointments' | 'rows';
type Counts = Record<What | 'pastDueSeconds', number>;
type BusinessRoad = Road<What>;

const nothingYet = (): Counts => ({
  recordings: 0,
  transcripts: 0,
  words: 0,
  calls: 0,
  appointments: 0,
  rows: 0,
  pastDueSeconds: 0,
});

function add(whole: Counts, part: Tally<What>): void {
  for (const what of Object.keys(part) as (keyof Counts)[])
    whole[what] = what === 'pastDueSeconds' ? Math.max(whole[what], part[what]) : whole[what] + part[what];
}

/** Daily: everything whose time is over. */
export const retention: ClockJob = async (run) => {
  const moment = await readMoment(run);
  const whole = nothingYet();
  for await (const businessId of longestWaiting(run, moment)) {
    const counts = nothingYet();
    await walk(
      run,
      paved(businessId, moment, (business) => allRoads(run, business)),
      counts,
    );
    if (!run.isDryRun) await report(run, businessId, moment, counts);
    add(whole, counts);
  }
  await walk(run, async () => ownClocks(run, moment), whole);
  const entries = await removeSealedSegments(run, overBefore(KEPT_DAYS.audit, moment));
  return { ...whole, entries, retried: run.isDryRun ? 0 : await retryRemoteDeletions(run) };
};

/** Monthly, and on demand: calls and appointments alone. `retention` does it each day as well, so that a year is a year. */
export const anonymiseOld: ClockJob = async (run) => {
  const moment = await readMoment(run);
  const counts = nothingYet();
  for await (const businessId of longestWaiting(run, moment))
    await walk(
      run,
      paved(businessId, moment, (business) => anonymisation(run, business)),
      counts,
    );
  const { calls, appointments, pastDueSeconds } = counts;
  return { calls, appointments, pastDueSeconds };
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

/** A business as a slice finds it. */
type Business = { readonly id: string; readonly terms: Terms; readonly moment: Date };

/** The roads of a business, by what it chose and holds at that moment; none where it holds everything, or is gone. */
const paved =
  (id: string, moment: Date, roads: (business: Business) => readonly BusinessRoad[]) =>
  async (visit: Visit<System>): Promise<readonly BusinessRoad[] | null> => {
    const terms = await holdTerms(visit, id);
    return terms === null || terms.holds === 'all' ? null : roads({ id, terms, moment });
  };

const allRoads = (run: ClockRun, business: Business): readonly BusinessRoad[] => [
  recordings(run, business),
  ...(['Transcript', 'Call', 'CallEvent', 'Appointment'] as const).flatMap((model) => words(run, business, model)),
  ...anonymisation(run, business),
  ...Object.entries(BUSINESS_ROWS_KEPT).map(([model, { from, days }]): BusinessRoad => {
    const where = sql`business_id = ${business.id}::uuid`;
    const cutoff = overBefore(days, business.moment);
    const rows = { model: model as Model, from, where, cutoff };
    return { what: 'rows', cutoff, take: run.isDryRun ? looking(rows) : deleting(rows) };
  }),
];

/** The column that the time of each runs from: an appointment's from its end, since it may have been made a year before. */
const runsFrom = {
  Recording: 'createdAt',
  Transcript: 'createdAt',
  CallEvent: 'at',
  Call: 'startedAt',
  Appointment: 'endsAt',
} as const;
type Personal = keyof typeof runsFrom;

/** What of a model ends with a period that the business chose, what is held left out. */
function over({ id, terms, moment }: Business, model: Personal, period: ChosenPeriod, ...more: Sql[]): Rows {
  const free =
    model === 'Appointment'
      ? notHeld.appointment(terms, id)
      : notHeld.call(terms, id, model === 'Call' ? sql`id` : sql`call_id`);
  return {
    model,
    from: runsFrom[model],
    where: all([sql`business_id = ${id}::uuid`, ...more, free]),
    cutoff: overBefore(daysKept(terms.policy, period), moment),
  };
}

function recordings(run: ClockRun, business: Business): BusinessRoad {
  const rows = over(business, 'Recording', 'recording');
  const { where, cutoff } = rows;
  const take: Take = async (visit, after) => {
    const which = all([where, sql`created_at >= ${after}`, sql`created_at < ${cutoff}`]);
    const { ids, oldest, newest } = await markRecordings(visit, business.id, which, FILES);
    if (ids.length === 0) return { count: 0, oldest: null, next: null };
    return {
      count: ids.length,
      oldest,
      next: ids.length === FILES ? newest : null,
      afterwards: () => removeMarked(run, business.id, ids, 'retention'),
    };
  };
  return { what: 'recordings', cutoff, take: run.isDryRun ? looking(rows) : take };
}

/** Transcripts, and what else was said: rows that go, or a column of rows that stay. The data map says which. */
function words(
  { isDryRun }: ClockRun,
  business: Business,
  model: Exclude<Personal, 'Recording'>,
): readonly BusinessRoad[] {
  const ending = endingOf(model, 'transcript');
  if (ending === null) return [];
  const businessId = business.id;
  if (ending.goes) {
    const rows = over(business, model, 'transcript');
    const take = noting(deleting(rows), { action: 'transcript.delete', businessId });
    return [{ what: 'transcripts', cutoff: rows.cutoff, take: isDryRun ? looking(rows) : take }];
  }
  return Object.keys(ending.columns).map((column) => {
    const rows = over(business, model, 'transcript', sql`${columnOf(column)} IS NOT NULL`);
    const action = model === 'Appointment' ? 'appointment.update' : 'call.update';
    const take = noting(blanking(rows, column), { action, businessId, fields: [column] });
    return { what: 'words', cutoff: rows.cutoff, take: isDryRun ? looking(rows) : take };
  });
}

/** A call whose recordings or transcripts are still here is still somebody's. */
const nothingLeft = sql`NOT EXISTS (SELECT FROM recordings r WHERE r.business_id = calls.business_id AND r.call_id = calls.id)
  AND NOT EXISTS (SELECT FROM transcripts t WHERE t.business_id = calls.business_id AND t.call_id = calls.id)`;

const anonymisation = (run: ClockRun, business: Business): readonly BusinessRoad[] =>
  (['Call', 'Appointment'] as const).map((model) => {
    const rows = over(business, model, 'metadata', sql`NOT anonymised`);
    const { cutoff } = rows;
    const what = model === 'Call' ? 'calls' : 'appointments';
    if (run.isDryRun) return { what, cutoff, take: looking(rows) };
    const { id: businessId, terms } = business;
    const known = model === 'Call' ? { ...rows, where: all([rows.where, nothingLeft]) } : rows;
    const take = taking(known, (visit, these) => anonymise(visit, model, businessId, terms.zone, these), CALLS);
    const action = model === 'Call' ? 'call.anonymise' : 'appointment.anonymise';
    return { what, cutoff, take: noting(take, { action, businessId }) };
  });

async function report({ asSystem }: ClockRun, businessId: string, moment: Date, counts: Counts): Promise<void> {
  const { recordings, transcripts, calls, appointments, pastDueSeconds } = counts;
  // A business that has gone in the meantime needs none.
  await asSystem(
    ({ tx }) => tx.$executeRaw`
      INSERT INTO retention_reports (business_id, looked_at, recordings, transcripts, calls, appointments, past_due_seconds)
      SELECT id, ${moment}, ${recordings}, ${transcripts}, ${calls}, ${appointments}, ${pastDueSeconds}
      FROM businesses WHERE id = ${businessId}::uuid
      ON CONFLICT (business_id) DO UPDATE SET looked_at = excluded.looked_at, recordings = excluded.recordings,
        transcripts = excluded.transcripts, calls = excluded.calls, appointments = excluded.appointments,
        past_due_seconds = excluded.past_due_seconds`,
  );
}

/** A grant that is shown says when its session ended, so that one stays as long as the grant. */
const stillNamed: Partial<Record<Model, Sql>> = {
  Session: sql`NOT EXISTS (SELECT FROM access_grants g WHERE g.session_id = sessions.id)`,
};
/** What is still to be deleted at Twilio is never forgotten. */
const remoteDeletions = [
  'delete_remote_recording',
  'erase_remote_recording',
  'erase_remote_call',
  'delete_remote_transcription',
];

/** Rows with a clock of their own: links, sign-ups, sessions that are over, jobs that are done. */
function ownClocks({ isDryRun }: ClockRun, moment: Date): readonly BusinessRoad[] {
  const roads: Rows[] = [
    ...Object.entries(ROWS_KEPT).map(([model, { from, days }]) => ({
      model: model as Model,
      from,
      where: stillNamed[model as Model] ?? sql`true`,
      cutoff: overBefore(days, moment),
    })),
    { model: 'Job', from: 'doneAt', where: sql`true`, cutoff: overBefore(JOBS_KEPT.done, moment) },
    {
      model: 'Job',
      from: 'deadAt',
      where: sql`kind <> ALL(${remoteDeletions})`,
      cutoff: overBefore(JOBS_KEPT.dead, moment),
    },
  ];
  return roads.map((rows) => ({
    what: 'rows',
    cutoff: rows.cutoff,
    take: isDryRun ? looking(rows) : deleting(rows),
  }));
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
