/** What happened on a call, each thing once: a request that arrives twice finds its keys taken. */
import { newId } from '@/lib/platform/clock';
import { seal } from '@/lib/platform/sealing';
import { list, type Sql, sql } from '@/lib/platform/sql';
import type { Brief, Line } from '@/lib/platform/visit';
import type { JsonKey } from '@/lib/rules/data-map';

export type CallEventNote = {
  /** The same whenever the same thing is reported again. */
  readonly key: string;
  readonly kind: string;
  readonly detail?: { readonly [K in JsonKey<'CallEvent', 'detail'>]?: string | number | boolean | null };
  /** The caller's words: sealed. */
  readonly said?: string | null;
};

/** Notes events at the moment of the visit; those whose key is taken are left as they are. */
export async function noteEvents(visit: Brief<Line>, callId: string, events: readonly CallEventNote[]): Promise<void> {
  if (events.length === 0) return;
  await visit.ask(sql`
    INSERT INTO call_events (business_id, id, call_id, key, kind, detail, said, at)
    SELECT ${visit.viewer.businessId}::uuid, id, ${callId}::uuid, key, kind, detail, said, at FROM ${eventRows(visit, events)}
    ON CONFLICT DO NOTHING`);
}

/** Events as a table `e`, without their call. */
export function eventRows({ viewer: { businessId }, now }: Brief<Line>, events: readonly CallEventNote[]): Sql {
  const rows = events.map(({ key, kind, detail = {}, said = null }) => {
    const event = seal('CallEvent', { businessId, id: newId(), said });
    return sql`(${event.id}::uuid, ${key}, ${kind}, ${JSON.stringify(detail)}::jsonb, ${event.said}::bytea,
      ${now}::timestamptz)`;
  });
  return sql`(VALUES ${list(rows)}) e (id, key, kind, detail, said, at)`;
}
