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
 * Takes away what leads to somebody, and the history of calls with it. What was said, recordings and transcripts must be
 * gone before.
 *
 * @param zone the business's: a call of the first of a month stays one of that month.
 */
export async function anonymise(
  { tx }: Visit<System>,
  model: Anonymised,
  { businessId, ids, zone }: { readonly businessId: string; readonly ids: readonly string[]; readonly zone: string },
): Promise<number> {
  if (ids.length === 0) return 0;
  if (model === 'Call') {
    await tx.$executeRaw`DELETE FROM call_events WHERE business_id = ${businessId}::uuid AND call_id = ANY(${ids}::uuid[])`;
    // Jobs that name the call: what they were for is done or has no more to do it with.
    await tx.$executeRaw`
      DELETE FROM jobs j USING calls c
      WHERE c.business_id = ${businessId}::uuid AND c.id = ANY(${ids}::uuid[])
        AND j.key IN ('tell-owner ' || c.id, 'alert odd-callback ' || c.call_sid)`;
  }
  return tx.$executeRaw`
    UPDATE ${tableOf(model)} SET ${changes(model, zone)}, anonymised = true
    WHERE business_id = ${businessId}::uuid AND id = ANY(${ids}::uuid[])`;
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
