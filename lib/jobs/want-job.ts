import { newId, now } from '@/lib/platform/clock';
import { noteWanted, requestId } from '@/lib/platform/request-id';
import { sql } from '@/lib/platform/sql';
import type { Brief, Guest, Line, Person, System } from '@/lib/platform/visit';
import { type JobKind, type Payload, payloads } from './job';

export type WantedJob = {
  readonly [K in JobKind]: {
    readonly kind: K;
    /** Names the effect: wanted twice under one key, it happens once. Ids, and nothing that a person said or is. */
    readonly key: string;
    readonly payload: Payload<K>;
    readonly delaySeconds?: number;
    /** Whose it is, where the clock wants it; whoever is in a business wants it for that one. */
    readonly businessId?: string;
  };
}[JobKind];

/**
 * Wants an effect, in the transaction of the fact that causes it: both are there, or neither. It is due by the real
 * clock, since that is the one the workers have; a visit's may be the simulator's.
 *
 * @throws ZodError when the payload holds anything but ids.
 */
export async function wantJob(
  visit: Brief<Line | Person | Guest | System>,
  { kind, key, payload, delaySeconds = 0, businessId }: WantedJob,
): Promise<void> {
  noteWanted();
  const whose = 'businessId' in visit.viewer ? visit.viewer.businessId : (businessId ?? null);
  const runAt = new Date(now().getTime() + delaySeconds * 1000);
  await visit.ask(sql`
    INSERT INTO jobs (id, business_id, kind, key, payload, run_at, request_id)
    VALUES (${newId()}::uuid, ${whose}::uuid, ${kind}, ${key}, ${JSON.stringify(payloads[kind].parse(payload))}::jsonb,
      ${runAt}::timestamptz, ${requestId()}::uuid)
    ON CONFLICT DO NOTHING`);
}
