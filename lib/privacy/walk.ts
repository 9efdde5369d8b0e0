/**
 * A walk along what is over, oldest first, in slices of one short transaction each. Nothing is remembered between slices
 * but how far the walk is: a run that was killed is begun again, and finds less to do.
 */
import type { ClockRun } from '@/lib/jobs/clock-job';
import { all, columnOf, type Sql, sql, tableOf } from '@/lib/platform/sql';
import type { System, Visit } from '@/lib/platform/visit';
import type { Model } from '@/lib/rules/data-map';

/** Rows in one transaction: far below the seconds that one may take. */
const SLICE = 5_000;

/** What is walked along. */
export type Road = {
  readonly model: Model;
  /** The column that its time runs from. */
  readonly from: string;
  /** Beside the time: which rows, and that nothing holds them. */
  readonly where: Sql;
  /** Before which moment a row is over, read in the transaction that deletes; null where there is nothing to walk along. */
  readonly cutoff: (visit: Visit<System>) => Promise<Date | null>;
};

/** What a slice did: how many rows, since when the oldest was there, and from where to go on (null at the end). */
export type Slice = {
  readonly count: number;
  readonly oldest: Date | null;
  readonly next: Date | null;
  /** What takes time, once the transaction of the slice is through. */
  readonly afterwards?: () => Promise<void>;
};
export type Take = (visit: Visit<System>, after: Date, cutoff: Date) => Promise<Slice>;

/** How many rows of a walk went, and how many seconds the oldest of them had been over. */
export type Walked = { readonly count: number; readonly pastDueSeconds: number };

/** @throws when the run has lost its lease. */
export async function walk({ signal, asSystem }: ClockRun, road: Road, take: Take): Promise<Walked> {
  let count = 0;
  let pastDueSeconds = 0;
  let after: Date | null = new Date(0);
  while (after !== null) {
    signal.throwIfAborted();
    const from: Date = after;
    const done = await asSystem(async (visit) => {
      const cutoff = await road.cutoff(visit);
      return cutoff && { cutoff, ...(await take(visit, from, cutoff)) };
    });
    if (done === null) break;
    await done.afterwards?.();
    count += done.count;
    if (done.oldest) pastDueSeconds = Math.max(pastDueSeconds, secondsBetween(done.oldest, done.cutoff));
    after = done.next;
  }
  return { count, pastDueSeconds };
}

const secondsBetween = (from: Date, to: Date): number => Math.floor((to.getTime() - from.getTime()) / 1000);

/**
 * The next slice of a road in one statement: `change` makes it from the condition that names the rows, and returns their
 * time as `at`.
 */
export const inOneStatement =
  ({ model, from, where }: Road, change: (these: Sql) => Sql): Take =>
  async ({ tx }, after, cutoff) => {
    const [table, time] = [tableOf(model), columnOf(from)];
    const rest = all([where, sql`${time} > ${after}`, sql`${time} < ${cutoff}`]);
    const [edge] = await tx.$queryRaw<{ at: Date }[]>`
      SELECT ${time} AS at FROM ${table} WHERE ${rest} ORDER BY ${time} OFFSET ${SLICE - 1} LIMIT 1`;
    const these = edge ? all([rest, sql`${time} <= ${edge.at}`]) : rest;
    const [done] = await tx.$queryRaw<{ count: number; oldest: Date | null }[]>`
      WITH done AS (${change(these)}) SELECT count(*)::int AS count, min(at) AS oldest FROM done`;
    return { count: done?.count ?? 0, oldest: done?.oldest ?? null, next: edge?.at ?? null };
  };

/** Changes nothing: for a run that only says what it would do. */
export const looking = (road: Road): Take =>
  inOneStatement(road, (these) => sql`SELECT ${columnOf(road.from)} AS at FROM ${tableOf(road.model)} WHERE ${these}`);

export const deleting = (road: Road): Take =>
  inOneStatement(
    road,
    (these) => sql`DELETE FROM ${tableOf(road.model)} WHERE ${these} RETURNING ${columnOf(road.from)} AS at`,
  );

/** Blanks a column that holds something; the road's condition must say that it does. */
export const blanking = (road: Road, column: string): Take =>
  inOneStatement(
    road,
    (these) =>
      sql`UPDATE ${tableOf(road.model)} SET ${columnOf(column)} = NULL WHERE ${these} RETURNING ${columnOf(road.from)} AS at`,
  );

/** Notes in the trail of whoever it belongs to how many went. Their ids lead to nothing any more. */
export const noting =
  (
    take: Take,
    entry: { readonly action: `${string}.${string}`; readonly businessId?: string; readonly fields?: string[] },
  ): Take =>
  async (visit, after, cutoff) => {
    const slice = await take(visit, after, cutoff);
    if (slice.count > 0) {
      const { action, businessId, fields } = entry;
      const details = { reason: 'retention', count: String(slice.count), ...(fields && { fields }) };
      visit.record({
        action,
        resourceType: action.replace(/\..*/, ''),
        details,
        ...(businessId !== undefined && { businessId }),
      });
    }
    return slice;
  };
