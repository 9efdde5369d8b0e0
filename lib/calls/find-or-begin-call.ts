import { newId } from '@/lib/platform/clock';
import { blindIndex, open, seal } from '@/lib/platform/sealing';
import { sql } from '@/lib/platform/sql';
import type { Brief, Line } from '@/lib/platform/visit';
import type { CallIntent, CallStatus } from '@/lib/rules/call-status';
import { type CallerId, parseCallerId } from '@/lib/rules/phone-number';
import { cutTo } from '@/lib/rules/text';
import { type CallEventNote, eventRows } from './note-events';
import type { WebhookRequest } from './webhook-request';

const LONGEST_NAME = 200;

/** A call, as far as its next step depends on it. */
export type CurrentCall = {
  readonly id: string;
  readonly status: CallStatus;
  readonly intent: CallIntent;
  readonly calledNumber: string;
  readonly caller: CallerId;
  readonly startedAt: Date;
  readonly endedAt: Date | null;
  readonly secondsUsed: number;
  /** Somebody who was rung took it. */
  readonly taken: boolean;
  /** It is our own ringing, forwarded back to us. */
  readonly cameBack: boolean;
};

/** The call's row; begun here where the first request that reaches us is not the first that was sent. */
export async function findOrBeginCall(visit: Brief<Line>, request: WebhookRequest): Promise<CurrentCall> {
  const known = await findCall(visit, request);
  if (known) return known;
  const call = newCall(visit, request);
  return (await beginCall(visit, request, call)) ?? call;
}

type Found = Omit<CurrentCall, 'caller'> & {
  readonly businessId: string;
  readonly callerNumber: Uint8Array<ArrayBuffer> | null;
};

/** The call's row, where there is one. */
export async function findCall({ ask }: Brief<Line>, { callSid, fields }: WebhookRequest): Promise<CurrentCall | null> {
  const has = (kind: string) => sql`
    EXISTS (SELECT FROM call_events e WHERE e.business_id = c.business_id AND e.call_id = c.id AND e.kind = ${kind})`;
  // A whisper is heard on a leg of its own; the call is its parent.
  const [found] = await ask<Found>(sql`
    SELECT business_id AS "businessId", id, status, intent, called_number AS "calledNumber",
      caller_number AS "callerNumber", started_at AS "startedAt", ended_at AS "endedAt", seconds_used AS "secondsUsed",
      ${has('person_took_it')} AS taken, ${has('came_back')} AS "cameBack"
    FROM calls c WHERE call_sid IN (${callSid}, ${fields.ParentCallSid ?? callSid})`);
  if (!found) return null;
  const { businessId, callerNumber, ...call } = open('Call', found);
  return { ...call, caller: callerNumber === null ? { kind: 'withheld' } : parseCallerId(callerNumber) };
}

/** A call that nothing was known of before this request. */
export function newCall({ now }: Brief<Line>, { fields, at = now }: WebhookRequest): CurrentCall {
  return {
    id: newId(),
    // Its first requests may not have reached us.
    status: fields.CallStatus === 'in-progress' ? 'in_progress' : 'ringing',
    intent: 'none',
    calledNumber: fields.To ?? '',
    caller: parseCallerId(fields.From ?? ''),
    startedAt: at,
    endedAt: null,
    secondsUsed: 0,
    taken: false,
    cameBack: false,
  };
}

/**
 * Writes a new call down, with what has happened on it so far.
 *
 * @returns `null`, or the call as another request has begun it in this moment: the same first ring may arrive twice at once.
 */
export async function beginCall(
  visit: Brief<Line>,
  request: WebhookRequest,
  { id, status, intent, calledNumber, caller, startedAt }: CurrentCall,
  { urgent = false, events = [] }: { readonly urgent?: boolean; readonly events?: readonly CallEventNote[] } = {},
): Promise<CurrentCall | null> {
  const { businessId } = visit.viewer;
  const { callSid, fields } = request;
  const { callerNumber, callerName } = seal('Call', {
    businessId,
    id,
    callerNumber: caller.kind === 'number' ? caller.e164 : caller.kind === 'other' ? caller.text : null,
    callerName: cutTo(LONGEST_NAME, fields.CallerName?.trim() ?? '') || null,
  });
  const index = caller.kind === 'number' ? blindIndex('phone', caller.e164) : null;
  const call = sql`
    INSERT INTO calls (business_id, id, call_sid, type, status, intent, urgent, called_number, caller_number,
      caller_number_index, caller_number_index_b, caller_name, started_at)
    VALUES (${businessId}::uuid, ${id}::uuid, ${callSid}, 'inbound', ${status}::call_status, ${intent}::call_intent,
      ${urgent}, ${calledNumber}, ${callerNumber}, ${index?.a ?? null}, ${index?.b ?? null}, ${callerName},
      ${startedAt}::timestamptz)
    ON CONFLICT DO NOTHING RETURNING business_id, id`;
  const begun = await visit.ask(
    events.length === 0
      ? call
      : sql`WITH begun AS (${call}), noted AS (
          INSERT INTO call_events (business_id, id, call_id, key, kind, detail, said, at)
          SELECT begun.business_id, e.id, begun.id, key, kind, detail, said, at FROM begun, ${eventRows(visit, events)})
        SELECT 1 FROM begun`,
  );
  if (begun.length === 0) {
    const other = await findCall(visit, request);
    if (!other) throw new Error('a call belongs to another business');
    return other;
  }
  visit.record({ action: 'call.create', resourceType: 'call', resourceId: id });
  return null;
}
