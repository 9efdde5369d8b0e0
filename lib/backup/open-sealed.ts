import type { Bulk } from '@/lib/platform/bulk';
import { open } from '@/lib/platform/sealing';
import { dataMap, type Model, sealedColumns } from '@/lib/rules/data-map';

type Row = { readonly id: string; readonly businessId: string };

const columnOf = (field: string) => field.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
const tableOf = (model: Model) => (model === 'Business' ? 'businesses' : `${columnOf(model).slice(1)}s`);
const sealedModels = (Object.keys(dataMap) as Model[]).filter((model) => sealedColumns(model).length > 0);

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
    const business = 'businessId' in dataMap[model] ? 'business_id' : 'NULL::uuid';
    const columns = fields.map((field) => `${columnOf(field)} AS "${field}"`).join(', ');
    await bulk.query(
      `BEGIN; DECLARE sealed CURSOR FOR SELECT id, ${business} AS "businessId", ${columns} FROM ${tableOf(model)}`,
    );
    for (;;) {
      const rows = await bulk.query<Row>(`FETCH ${BATCH} FROM sealed`);
      for (const row of rows) {
        const found = open(model, row);
        opened += fields.filter((field) => typeof Object(found)[field] === 'string').length;
      }
      if (rows.length < BATCH) break;
    }
    await bulk.query('COMMIT');
  }
  return opened;
}
