/** The tables that hold sealed columns, and which key each value in them was sealed with. */
import { list, named, type Sql, sql } from '@/lib/platform/sql';
import type { System, Visit } from '@/lib/platform/visit';
import { dataMap, type Model, type SealedColumn, sealedColumns } from '@/lib/rules/data-map';

export type SealedModel = { [M in Model]: [SealedColumn<M>] extends [never] ? never : M }[Model];

/** A model that gains its first sealed column is missing here, and does not compile. */
const tables = {
  User: 'users',
  EmailChange: 'email_changes',
  SignUp: 'sign_ups',
  MobileNumber: 'mobile_numbers',
  Invitation: 'invitations',
  Business: 'businesses',
  DutyContact: 'duty_contacts',
  Call: 'calls',
  CallEvent: 'call_events',
  Transcript: 'transcripts',
  Appointment: 'appointments',
  AccessGrant: 'access_grants',
  LegalHold: 'legal_holds',
  OptOut: 'opt_outs',
  KnownCaller: 'known_callers',
} as const satisfies Record<SealedModel, string>;

export const sealedModels = Object.keys(tables) as SealedModel[];
export const tableOf = (model: SealedModel): string => tables[model];
export const columnOf = (field: string): string => field.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

/** Whether a row is known by its business and its id, or, in the global tables, by its id alone. */
export const belongsToBusiness = (model: SealedModel): boolean => 'businessId' in dataMap[model];

/** Opens short transactions as the system, as many as are wanted. */
export type SystemDesk = { readonly asSystem: <T>(run: (visit: Visit<System>) => Promise<T>) => Promise<T> };

/** Where a row is, and the id of the key that each of its sealed columns was sealed with; null where it holds nothing. */
export type RowKeys = {
  readonly id: string;
  readonly businessId: string | null;
  readonly keys: readonly (string | null)[];
};

/** Few enough that a caller whose row is held does not wait for long. */
const pageSize = 200;

/**
 * All rows of a table, a page at a time, by primary key: in each transaction as much work as in any other, however long the
 * table is. Rows that are written meanwhile may or may not come along.
 */
export async function* rowsOf({ asSystem }: SystemDesk, model: SealedModel): AsyncGenerator<readonly RowKeys[]> {
  const isTenant = belongsToBusiness(model);
  const business = isTenant ? sql`business_id` : sql`NULL::uuid`;
  const place = isTenant ? [sql`business_id`, sql`id`] : [sql`id`];
  const keys = sealedColumns(model).map(
    (field) => sql`encode(substring(${named(columnOf(field))} FROM 2 FOR 4), 'hex')`,
  );
  let last: RowKeys | undefined;
  do {
    const after: Sql = !last
      ? sql`true`
      : isTenant
        ? sql`(business_id, id) > (${last.businessId}::uuid, ${last.id}::uuid)`
        : sql`id > ${last.id}::uuid`;
    const rows = await asSystem(
      ({ tx }) => tx.$queryRaw<RowKeys[]>`
        SELECT id, ${business} AS "businessId", ARRAY[${list(keys)}] AS keys
        FROM ${named(tableOf(model))} WHERE ${after} ORDER BY ${list(place)} LIMIT ${pageSize}`,
    );
    if (rows.length > 0) yield rows;
    last = rows.length < pageSize ? undefined : rows.at(-1);
  } while (last);
}
