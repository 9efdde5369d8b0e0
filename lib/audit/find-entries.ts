/**
 * Searches of the trail. Written as SQL, so that each is the statement that its index answers: what is not looked for is
 * not in the statement at all.
 */

import { all, type Sql, sql } from '@/lib/platform/sql';
import type { Member, Operator, Person, Visit } from '@/lib/platform/visit';
import type { ListCursor } from '@/lib/rules/list-cursor';
import type { Search } from './filters';

export type Entry = {
  readonly id: string;
  readonly businessId: string | null;
  readonly userId: string | null;
  readonly action: string;
  readonly resourceType: string;
  readonly resourceId: string | null;
  readonly ipAddress: string | null;
  readonly userAgent: string | null;
  readonly details: Readonly<Record<string, unknown>>;
  readonly timestamp: Date;
};

/** Where an entry stands in the trail. */
export const placeOf = ({ timestamp, id }: Entry): ListCursor => ({ at: timestamp, id });

const columns = sql`id, business_id AS "businessId", user_id AS "userId", action, resource_type AS "resourceType",
  resource_id AS "resourceId", ip_address AS "ipAddress", user_agent AS "userAgent", details, timestamp`;

/** The `take` newest entries that are older than `place` (or the newest of all), newest first. */
export async function entriesBefore(
  { tx }: Visit<Person>,
  search: Search,
  place: ListCursor | null,
  take: number,
): Promise<Entry[]> {
  const older = place ? [sql`(timestamp, id) < (${place.at}, ${place.id}::uuid)`] : [];
  await walkInOrder(tx, search);
  return tx.$queryRaw<Entry[]>`
    SELECT ${columns} FROM audit_logs WHERE ${all([...conditions(search), ...older])}
    ORDER BY timestamp DESC, id DESC LIMIT ${take}`;
}

/** The `take` oldest entries that are newer than `place`, newest first. */
export async function entriesAfter(
  { tx }: Visit<Person>,
  search: Search,
  place: ListCursor,
  take: number,
): Promise<Entry[]> {
  const newer = sql`(timestamp, id) > (${place.at}, ${place.id}::uuid)`;
  await walkInOrder(tx, search);
  const found = await tx.$queryRaw<Entry[]>`
    SELECT ${columns} FROM audit_logs WHERE ${all([...conditions(search), newer])}
    ORDER BY timestamp, id LIMIT ${take}`;
  return found.reverse();
}

/**
 * The policy asks for the business once more, so the planner takes it for rarer than it is, and would rather gather and
 * sort all that is found than walk an index that is in order already and stop after a page. Not where one thing is looked
 * for: of that there is little, and no index has it in order.
 */
async function walkInOrder(tx: Visit<Person>['tx'], { about }: Search): Promise<void> {
  await tx.$executeRaw`SELECT set_config('enable_sort', ${about === '' ? 'off' : 'on'}, true)`;
}

/**
 * Somebody's own entries outside every business are theirs to see by the database's rule; a business's trail says by
 * itself which business it is.
 */
function conditions({ businessId, isPlatform, who, action, type, about, from, until }: Search): Sql[] {
  // Found first and sorted then: walking the trail by time until enough of them have come by takes as long as the trail.
  const aboutIt = isPlatform
    ? sql`id IN (WITH found AS MATERIALIZED (
        SELECT id FROM audit_logs WHERE resource_id = ${about} OR details -> 'ids' @> to_jsonb(${about}::text)
      ) SELECT id FROM found)`
    : sql`id IN (SELECT audit_entries_about(${about}))`;
  return [
    businessId === null ? sql`true` : sql`business_id = ${businessId}::uuid`,
    ...(who === 'nobody' ? [sql`user_id IS NULL`] : who === '' ? [] : [sql`user_id = ${who}::uuid`]),
    ...(action === '' ? [] : [sql`action = ${action}`]),
    ...(type === '' ? [] : [sql`resource_type = ${type}`]),
    ...(about === '' ? [] : [aboutIt]),
    ...(from === null ? [] : [sql`timestamp >= ${from}`]),
    ...(until === null ? [] : [sql`timestamp < ${until}`]),
  ];
}

type Choices = { readonly actions: readonly string[]; readonly types: readonly string[] };

/** The actions and the types of resource on the trail of the business one is in, to choose from. */
export async function choicesInside({ tx }: Visit<Member>): Promise<Choices> {
  const rows = await tx.$queryRaw<{ kind: 'action' | 'type'; word: string }[]>`
    SELECT kind, word FROM audit_choices() ORDER BY kind, word`;
  const of = (kind: 'action' | 'type') => rows.filter((row) => row.kind === kind).map(({ word }) => word);
  return { actions: of('action'), types: of('type') };
}

/** The same of the whole trail. Steps through an index from one to the next, however long the trail. */
export async function choicesEverywhere(visit: Visit<Operator>): Promise<Choices> {
  return { actions: await different(visit, sql`action`), types: await different(visit, sql`resource_type`) };
}

async function different({ tx }: Visit<Operator>, column: Sql): Promise<string[]> {
  const rows = await tx.$queryRaw<{ word: string }[]>`
    WITH RECURSIVE step AS (
      (SELECT ${column} AS word FROM audit_logs ORDER BY ${column} LIMIT 1)
      UNION ALL
      SELECT (SELECT ${column} FROM audit_logs WHERE ${column} > step.word ORDER BY ${column} LIMIT 1)
      FROM step WHERE step.word IS NOT NULL
    ) SELECT word FROM step WHERE word IS NOT NULL`;
  return rows.map(({ word }) => word);
}
