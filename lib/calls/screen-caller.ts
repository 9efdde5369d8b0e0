/** At the first ring: what is to be thought of whoever calls. */
import { blindIndex } from '@/lib/platform/sealing';
import { sql } from '@/lib/platform/sql';
import type { Brief, Line } from '@/lib/platform/visit';
import { parseCallerId } from '@/lib/rules/phone-number';
import { DAYS_LOOKED_BACK, isForged, judgeCaller, type Verdict } from '@/lib/rules/screening';
import { markOf } from './known-caller';
import type { WebhookRequest } from './webhook-request';

/** Only a forged number is looked up among earlier calls: all others cost one look at the known callers. */
export async function screenCaller(visit: Brief<Line>, request: WebhookRequest): Promise<Verdict | null> {
  const { From = '', To: called = '', StirVerstat = '' } = request.fields;
  const caller = parseCallerId(From);
  if (caller.kind !== 'number') return null;
  const mark = await markOf(visit, caller.e164);
  const forged = isForged(StirVerstat);
  const earlier = forged && mark === null ? await earlierCalls(visit, caller.e164, request.callSid) : [];
  return judgeCaller({ caller, called, isForged: forged, mark, earlier });
}

const enough = 20;

/** Of each other call from a number in the last days, newest first, whether it was silent. */
async function earlierCalls(
  { ask, viewer, now }: Brief<Line>,
  e164: string,
  callSid: string,
): Promise<readonly boolean[]> {
  const { a, b } = blindIndex('phone', e164);
  const since = new Date(now.getTime() - DAYS_LOOKED_BACK * 86_400_000);
  const calls = await ask<{ wasSilent: boolean }>(sql`
    SELECT not_spam_at IS NULL AND coalesce(uncharged IN ('silent', 'robot'), false) AS "wasSilent" FROM calls
    WHERE business_id = ${viewer.businessId}::uuid AND (caller_number_index = ${a} OR caller_number_index_b = ${b})
      AND started_at >= ${since}::timestamptz AND ended_at IS NOT NULL AND call_sid IS DISTINCT FROM ${callSid}
    ORDER BY started_at DESC LIMIT ${enough}::int`);
  return calls.map(({ wasSilent }) => wasSilent);
}
