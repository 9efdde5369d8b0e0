import { open } from '@/lib/platform/sealing';
import { sql } from '@/lib/platform/sql';
import type { Brief, Line } from '@/lib/platform/visit';
import type { Business } from '@/lib/rules/call';
import { cameBack, type Ringing } from '@/lib/rules/came-back';
import { parseCallerId } from '@/lib/rules/phone-number';
import type { WebhookRequest } from './webhook-request';

/** Seconds that a telephone may be at it beyond those it is rung: Twilio's own five, and the whisper to whoever picks up. */
const MORE_THAN_RUNG = 30;
/** Twilio ends a call after four hours. */
const LONGEST_CALL = 4 * 3_600;

/** Whether a call that comes in is our own ringing, forwarded back to the line that rings. */
export async function isOwnRinging(
  visit: Brief<Line>,
  business: Business,
  callId: string,
  { fields: { From = '', ForwardedFrom = '' } }: WebhookRequest,
): Promise<boolean> {
  if (business.duty.length === 0) return false;
  const incoming = { caller: parseCallerId(From), forwardedFrom: ForwardedFrom };
  return cameBack(business, incoming, await ringingNow(visit, callId, business.ringSeconds + MORE_THAN_RUNG));
}

type RingingCall = {
  readonly businessId: string;
  readonly id: string;
  readonly callerNumber: Uint8Array<ArrayBuffer> | null;
  readonly person: number;
};

/** The calls, beside this one, for which somebody is being rung: the last thing that happened on them says so. */
async function ringingNow(
  { ask, viewer: { businessId }, now }: Brief<Line>,
  callId: string,
  seconds: number,
): Promise<readonly Ringing[]> {
  const ago = (earlier: number) => new Date(now.getTime() - earlier * 1000);
  const calls = await ask<RingingCall>(sql`
    SELECT c.business_id AS "businessId", c.id, c.caller_number AS "callerNumber", (last.detail ->> 'person')::int AS person
    FROM calls c JOIN LATERAL (
      SELECT kind, detail, at FROM call_events e WHERE e.business_id = c.business_id AND e.call_id = c.id
      ORDER BY at DESC, id DESC LIMIT 1) last ON last.kind = 'rang_person' AND last.at >= ${ago(seconds)}::timestamptz
    WHERE c.business_id = ${businessId}::uuid AND c.id <> ${callId}::uuid AND c.ended_at IS NULL
      AND c.started_at >= ${ago(LONGEST_CALL)}::timestamptz`);
  return calls.map((call) => {
    const { callerNumber, person } = open('Call', call);
    return { caller: parseCallerId(callerNumber ?? ''), person };
  });
}
