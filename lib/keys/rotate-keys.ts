/**
 * Seals everything anew with the first key, while the application serves. A value is known to be done by the key id that
 * stands in it, so this can be stopped at any moment, killed, and run again; twice at once is no harm either.
 */
import { keyRing } from '@/lib/platform/keys';
import { blindIndex, keyOf, openValue, SealError, sealValue } from '@/lib/platform/sealing';
import { list, named, sql } from '@/lib/platform/sql';
import type { System, Visit } from '@/lib/platform/visit';
import { blindIndexes, sealedColumns } from '@/lib/rules/data-map';
import {
  belongsToBusiness,
  columnOf,
  type RowKeys,
  rowsOf,
  type SealedModel,
  type SystemDesk,
  sealedModels,
  tableOf,
} from './sealed-tables';

/** A row of which something does not open: it was left as it is. */
export type Unopened = { readonly table: string; readonly id: string; readonly why: string };

export type Rotated = { readonly rows: number; readonly unopened: readonly Unopened[] };

/** Rows that somebody works on at the moment are passed over, and met again in the next round. */
const mostRounds = 20;

/**
 * Seals what another key sealed anew with the first, and fills the index column that is the first key's. A page of rows is
 * a transaction of its own; a row that somebody works on is left for later.
 *
 * @param told how many rows of a table were sealed anew so far.
 */
export async function rotateKeys(desk: SystemDesk, told?: (table: string, rows: number) => void): Promise<Rotated> {
  const { name } = keyRing().first;
  await desk.asSystem(async (visit) => visit.record({ action: 'key.rotate', resourceType: 'key', resourceId: name }));
  const unopened = new Map<string, Unopened>();
  let total = 0;
  for (const model of sealedModels) {
    let here = 0;
    for (let round = 0, isDone = false; round < mostRounds && !isDone; round += 1) {
      isDone = true;
      for await (const page of rowsOf(desk, model)) {
        const stale = page.filter((row) => isStale(row) && !unopened.has(row.id));
        if (stale.length === 0) continue;
        const { rows, failed } = await desk.asSystem((visit) => sealAnew(visit, model, stale));
        for (const one of failed) unopened.set(one.id, one);
        isDone &&= rows + failed.length === stale.length;
        here += rows;
        told?.(tableOf(model), here);
      }
    }
    total += here;
  }
  return { rows: total, unopened: [...unopened.values()] };
}

const isStale = ({ keys }: RowKeys) => keys.some(isOther);
const isOther = (key: string | null) => key !== null && key !== keyRing().first.name;

type Column = Uint8Array | null;
/** A row by the names of its columns. */
type Held = { readonly id: string; readonly business_id?: string } & { readonly [column: string]: unknown };

async function sealAnew({ tx }: Visit<System>, model: SealedModel, stale: readonly RowKeys[]) {
  const table = named(tableOf(model));
  const place = belongsToBusiness(model) ? [sql`business_id`, sql`id`] : [sql`id`];
  const columns = [...sealedColumns(model), ...blindIndexes(model).flatMap(({ name }) => [name, `${name}B`])].map(
    columnOf,
  );
  const ids = stale.map(({ id }) => id);
  const these = belongsToBusiness(model)
    ? sql`(business_id, id) IN (SELECT * FROM unnest(${stale.map(({ businessId }) => businessId)}::uuid[], ${ids}::uuid[]))`
    : sql`id = ANY(${ids}::uuid[])`;
  // Held until they are written, so that nothing written in between is lost. What somebody else holds is not waited for.
  const held = await tx.$queryRaw<Held[]>`
    SELECT ${list([...place, ...columns.map(named)])} FROM ${table} WHERE ${these} FOR NO KEY UPDATE SKIP LOCKED`;

  const done: Written[] = [];
  const failed: Unopened[] = [];
  for (const row of held) {
    try {
      done.push(anew(model, row));
    } catch (error) {
      if (!(error instanceof SealError)) throw error;
      failed.push({ table: tableOf(model), id: row.id, why: error.message });
    }
  }
  if (done.length > 0) {
    await tx.$executeRaw`
      UPDATE ${table} AS t SET ${list(columns.map((name) => sql`${named(name)} = decode(n.${named(name)}, 'hex')`))}
      FROM jsonb_to_recordset(${JSON.stringify(done)}::jsonb)
        AS n(${list([...place.map((name) => sql`${name} uuid`), ...columns.map((name) => sql`${named(name)} text`)])})
      WHERE (${list(place.map((name) => sql`t.${name}`))}) = (${list(place.map((name) => sql`n.${name}`))})`;
  }
  return { rows: done.length, failed };
}

/** A row's place, and its columns as they shall stand there, in hexadecimal digits. */
type Written = Readonly<Record<string, string | null>>;

/** An index is made anew together with what it is made from: the key of the one tells that of the other. */
function anew(model: SealedModel, row: Held): Written {
  const place = { id: row.id, businessId: row.business_id ?? null };
  const columns: Record<string, Column> = {};
  const texts = new Map<string, string>();
  for (const field of sealedColumns(model)) {
    const value = row[columnOf(field)] as Column;
    columns[columnOf(field)] = value;
    if (value === null || !isOther(keyOf(value))) continue;
    const text = openValue(model, field, place, value);
    texts.set(field, text);
    columns[columnOf(field)] = sealValue(model, field, place, text);
  }
  for (const { name, column, kind } of blindIndexes(model)) {
    const text = row[columnOf(name)] === null ? undefined : texts.get(column);
    const index = text === undefined ? null : blindIndex(kind, text);
    columns[columnOf(name)] = index?.a ?? (row[columnOf(name)] as Column);
    columns[columnOf(`${name}B`)] = index?.b ?? (row[columnOf(`${name}B`)] as Column);
  }
  const hex = Object.entries(columns).map(([name, value]) => [name, value && Buffer.from(value).toString('hex')]);
  return { id: row.id, business_id: place.businessId, ...Object.fromEntries(hex) };
}
