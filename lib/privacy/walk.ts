/**
 * A walk along what is over, oldest first, in slices of rows, each deleted in a short transaction. Nothing is remembered
 * between transactions but how far the walk is: a run that was killed is begun again, and finds less to do.
 */
import type { ClockRun } from '@/lib/jobs/clock-job';
import { all, columnOf, type Sql, sql, tableOf } from '@/lib/platform/sql';
import type { System, Visit } from '@/lib/platform/visit';
import type { Model } from '@/lib/rules/data-map';

/** Rows in one slice: far below the seconds that a transaction may take. */
const SLICE = 50_000;

/** What a slice did: how many rows, since when the oldest was there, and from where to go on (null at the end). */
export type Slice = {
  readonly count: number;
  readonly oldest: Date | null;
  readonly next: Date | null;
  /** What takes time, once the transaction is through. */
  readonly afterwards?: () => Promise<void>;
};
/** Takes away the next slice of rows whose time lies after `after`. */
export type Take = (visit: Visit<System>, after: Date) => Promise<Slice>;

/** Rows of a model that end for the same reason. */
export type Road<What extends string> = {
  readonly what: What;
  /** Before which moment they are over. */
  readonly cutoff: Date;
  readonly take: Take;
};

/** How many of each went, and how many seconds the oldest of all had been over. */
export type Tally<What extends string> = Readonly<Record<What | 'pastDueSeconds', number>>;

/**
 * Walks along several roads, one after the other. `pave` says which, anew in each transaction, always in the same order:
 * what it reads (what a business chose, what is held) holds for what is deleted in there. `null` ends the walk.
 *
 * @throws when the run has lost its lease.
 */
export async function walk<What extends string>(
  { signal, asSystem }: ClockRun,
  pave: (visit: Visit<System>) => Promise<readonly Road<What>[] | null>,
  tally: Record<What | 'pastDueSeconds', number>,
): Promise<void> {
  const start = { road: 0, after: new Date(0) };
  let at: typeof start | null = start;
  while (at !== null) {
    signal.throwIfAborted();
    const from: typeof start = at;
    const { done, next } = await asSystem(async (visit) => {
      const roads = await pave(visit);
      return roads === null ? { done: [], next: null } : goOn(visit, roads, from);
    });
    for (const { road, slice } of done) {
      tally[road.what] += slice.count;
      const late = slice.oldest === null ? 0 : (road.cutoff.getTime() - slice.oldest.getTime()) / 1000;
      tally.pastDueSeconds = Math.max(tally.pastDueSeconds, Math.floor(late));
      await slice.afterwards?.();
    }
    at = next;
  }
}

type Place = { readonly road: number; readonly after: Date };

/** Milliseconds after which a transaction takes up nothing more: it may last ten seconds. */
const ENOUGH_MS = 2_000;

/**
 * As many slices as fit into one transaction. The last is one that was full, since the next would be as much work again, or
 * one that has something to do behind it.
 */
async function goOn<What extends string>(visit: Visit<System>, roads: readonly Road<What>[], from: Place) {
  const began = performance.now();
  const done: { road: Road<What>; slice: Slice }[] = [];
  let place: Place = from;
  for (;;) {
    const road = roads[place.road];
    if (!road) return { done, next: null };
    const slice = await road.take(visit, place.after);
    done.push({ road, slice });
    place =
      slice.next === null ? { road: place.road + 1, after: new Date(0) } : { road: place.road, after: slice.next };
    const isEnough = slice.next !== null || slice.afterwards || performance.now() - began > ENOUGH_MS;
    if (isEnough) return { done, next: place };
  }
}

/** Which rows: of a model, the column their time runs from, and what else must hold of them. */
export type Rows = { readonly model: Model; readonly from: string; readonly where: Sql; readonly cutoff: Date };

/** Takes the rows that a condition names, and says how many there were. */
export type Act = (visit: Visit<System>, these: Sql) => Promise<number>;

/** Takes rows slice by slice. Without an act, a slice is only looked at. */
export const taking =
  ({ model, from, where, cutoff }: Rows, act: Act | null, size = SLICE): Take =>
  async (visit, after) => {
    const time = columnOf(from);
    const rest = all([where, sql`${time} > ${after}`, sql`${time} < ${cutoff}`]);
    const inOrder = sql`FROM ${tableOf(model)} WHERE ${rest} ORDER BY ${time}`;
    const [found] = await visit.tx.$queryRaw<{ oldest: Date | null; edge: Date | null }[]>`
      SELECT (SELECT ${time} ${inOrder} LIMIT 1) AS oldest, (SELECT ${time} ${inOrder} OFFSET ${size - 1} LIMIT 1) AS edge`;
    if (!found?.oldest) return { count: 0, oldest: null, next: null };
    const { oldest, edge } = found;
    // Rows of the same millisecond as the last one go with it.
    const these = edge ? all([rest, sql`${time} <= ${edge}`]) : rest;
    const count = await (act ?? counting(model))(visit, these);
    return { count, oldest, next: edge };
  };

const counting =
  (model: Model): Act =>
  async ({ tx }, these) => {
    const [found] = await tx.$queryRaw<
      { count: number }[]
    >`SELECT count(*)::int AS count FROM ${tableOf(model)} WHERE ${these}`;
    return found?.count ?? 0;
  };

/** Deletes rows slice by slice, in one statement each: it goes along the index once, and finds each row again by its place. */
export const deleting =
  ({ model, from, where, cutoff }: Rows): Take =>
  async ({ tx }, after) => {
    const time = columnOf(from);
    const rest = all([where, sql`${time} >= ${after}`, sql`${time} < ${cutoff}`]);
    const [gone] = await tx.$queryRaw<{ count: number; oldest: Date | null; newest: Date | null }[]>`
      WITH gone AS (DELETE FROM ${tableOf(model)} WHERE ctid = ANY (ARRAY(
          SELECT ctid FROM ${tableOf(model)} WHERE ${rest} ORDER BY ${time} LIMIT ${SLICE}))
        RETURNING ${time} AS at)
      SELECT count(*)::int AS count, min(at) AS oldest, max(at) AS newest FROM gone`;
    const { count = 0, oldest = null, newest = null } = gone ?? {};
    return { count, oldest, next: count < SLICE ? null : newest };
  };

/** Blanks a column that holds something; the condition must say that it does. */
export const blanking = (rows: Rows, column: string): Take =>
  taking(
    rows,
    ({ tx }, these) => tx.$executeRaw`UPDATE ${tableOf(rows.model)} SET ${columnOf(column)} = NULL WHERE ${these}`,
  );

export const looking = (rows: Rows): Take => taking(rows, null);

type Entry = { readonly action: `${string}.${string}`; readonly businessId?: string; readonly fields?: string[] };

/** Notes in the trail of whoever it belongs to how many went. Their ids lead to nothing any more. */
export const noting =
  (take: Take, { action, businessId, fields }: Entry): Take =>
  async (visit, after) => {
    const slice = await take(visit, after);
    if (slice.count > 0) {
      const details = { reason: 'retention', count: String(slice.count), ...(fields && { fields }) };
      const resourceType = action.replace(/\..*/, '');
      visit.record({ action, resourceType, details, ...(businessId !== undefined && { businessId }) });
    }
    return slice;
  };
