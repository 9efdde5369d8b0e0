import type { Member, Visit } from '@/lib/platform/visit';
import { type Ring, type Unanswered, unansweredBy } from '@/lib/rules/unanswered';

const DAYS = 7;
/** Calls that are looked at: in the busiest week enough to see who answers. */
const MOST_CALLS = 500;

/** Who on the duty list did not answer when they were rung last, within a week; by the id on the list. */
export async function unansweredRings({ tx, viewer, now }: Visit<Member>): Promise<ReadonlyMap<string, Unanswered>> {
  const since = new Date(now.getTime() - DAYS * 86_400_000);
  const rings = await tx.$queryRaw<Ring[]>`
    SELECT e.detail ->> 'contactId' AS "contactId", e.kind, e.at
    FROM (SELECT business_id, id FROM calls WHERE business_id = ${viewer.businessId}::uuid AND started_at >= ${since}
      ORDER BY started_at DESC, id DESC LIMIT ${MOST_CALLS}) c
    JOIN call_events e ON e.business_id = c.business_id AND e.call_id = c.id
    WHERE e.kind IN ('person_took_it', 'person_missed_it') AND e.detail ->> 'contactId' IS NOT NULL`;
  return unansweredBy(rings);
}
