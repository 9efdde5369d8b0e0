import { belongsToBusiness, columnOf, sealedModels, tableOf } from '@/lib/keys/sealed-tables';
import type { Bulk } from '@/lib/platform/bulk';
import { openValue } from '@/lib/platform/sealing';
import { sealedColumns } from '@/lib/rules/data-map';

type Row = { readonly id: string; readonly businessId: string | null } & Readonly<Record<string, unknown>>;

const BATCH = 500;

/**
 * Opens every sealed value in a database, a batch of rows at a time, and keeps nothing of it.
 *
 * @returns how many there were.
 * @throws SealError where one does not open.
 */
export async function openAllSealed(bulk: Bulk): Promise<number> {
  let opened = 0;
  for (const model of sealedModels) {
    const fields = sealedColumns(model);
    const business = belongsToBusiness(model) ? 'business_id' : 'NULL::uuid';
    const columns = fields.map((field) => `${columnOf(field)} AS "${field}"`).join(', ');
    await bulk.query(
      `BEGIN; DECLARE sealed CURSOR FOR SELECT id, ${business} AS "businessId", ${columns} FROM ${tableOf(model)}`,
    );
    for (;;) {
      const rows = await bulk.query<Row>(`FETCH ${BATCH} FROM sealed`);
      for (const row of rows) {
        for (const field of fields) {
          const value = row[field];
          if (!(value instanceof Uint8Array)) continue;
          openValue(model, field, row, value);
          opened += 1;
        }
      }
      if (rows.length < BATCH) break;
    }
    await bulk.query('COMMIT');
  }
  return opened;
}
