/**
 * Calls and appointments that nobody's data is in any more: how many, how long and how they ended stays, for bills and
 * figures. The row gets an id that nothing else knows, since the old one tells the millisecond and stands in the trail and
 * in backups; its times go back to the full hour together, so that what lies between them stays true.
 */
import { columnOf, list, type Sql, sql, tableOf } from '@/lib/platform/sql';
import type { System, Visit } from '@/lib/platform/visit';
import { endingOf } from '@/lib/rules/retention';

type Anonymised = 'Call' | 'Appointment';

/** The time that the hour is that of. */
const beginning = { Call: 'startedAt', Appointment: 'startsAt' } as const;

/**
 * Takes away what leads to somebody, and the history of calls with it. Recordings and transcripts must be gone before.
 *
 * @param zone the business's: a call of the first of a month stays one of that month.
 * @param these which rows of the business, as a condition on the model's table.
 * @returns how many they were.
 */
export async function anonymise(
  { tx }: Visit<System>,
  model: Anonymised,
  businessId: string,
  zone: string,
  these: Sql,
): Promise<number> {
  const rows = sql`business_id = ${businessId}::uuid AND NOT anonymised AND ${these}`;
  if (model === 'Call')
    for (const history of ['CallEvent', 'Telling'] as const)
      await tx.$executeRaw`
        DELETE FROM ${tableOf(history)}
        WHERE business_id = ${businessId}::uuid AND call_id IN (SELECT calls.id FROM calls WHERE ${rows})`;
  return tx.$executeRaw`UPDATE ${tableOf(model)} SET ${changes(model, zone)}, anonymised = true WHERE ${rows}`;
}

/** Read from the data map, both what ends with the call and what was said in it, which may have been kept as long. */
function changes(model: Anonymised, zone: string): Sql {
  const from = columnOf(beginning[model]);
  const set = {
    blank: (column: Sql) => sql`${column} = NULL`,
    coarsen: (column: Sql) => sql`${column} = ${column} - (${from} - date_trunc('hour', ${from}, ${zone}))`,
    renew: (column: Sql) => sql`${column} = gen_random_uuid()`,
  };
  return list(
    (['transcript', 'metadata'] as const).flatMap((period) => {
      const ending = endingOf(model, period);
      if (ending === null || ending.goes) throw new Error(`a ${model} is not anonymised, it goes`);
      return Object.entries(ending.columns).map(([column, change]) => set[change](columnOf(column)));
    }),
  );
}
