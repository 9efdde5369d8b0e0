/** A voice webhook: what has just happened on a call is written down, and what the caller hears next is returned. */
import { loadLine } from '@/lib/businesses/load-line';
import { wantOwnerTold } from '@/lib/notifications/want-owner-told';
import { newId } from '@/lib/platform/clock';
import { blindIndex, open, seal } from '@/lib/platform/sealing';
import type { Line, Visit } from '@/lib/platform/visit';
import type { CallEvent } from '@/lib/rules/call-event';
import { callFlow } from '@/lib/rules/call-flow';
import { moveForward } from '@/lib/rules/call-status';
import type { Instruction } from '@/lib/rules/instructions';
import { type CallerId, parseCallerId } from '@/lib/rules/phone-number';
import { noteEvents } from './note-events';
import type { WebhookRequest } from './webhook-request';

/** Every call has a row from its first request on, whichever that is. */
export async function answerCall(
  visit: Visit<Line>,
  request: WebhookRequest,
  event: CallEvent,
): Promise<readonly Instruction[]> {
  const call = await findOrBeginCall(visit, request);
  const business = await loadLine(visit, call.calledNumber);
  const { instructions, facts } = callFlow(business, { caller: call.caller, taken: call.taken }, event, visit.now);
  const { said } = facts;
  await noteEvents(
    visit,
    call.id,
    facts.events.map(({ key, kind, ...detail }, index) => ({ key, kind, detail, said: index === 0 ? said : null })),
  );
  await visit.tx.call.updateMany({
    where: { businessId: visit.viewer.businessId, id: call.id },
    data: {
      status: facts.status ? moveForward(call.status, facts.status) : call.status,
      ...(facts.intent && { intent: facts.intent }),
      ...(facts.urgent && { urgent: true }),
    },
  });
  if (facts.events.some(({ kind }) => kind === 'message_left')) await wantOwnerTold(visit, call.id);
  return instructions;
}

/** The call's row; begun here where the first request that reaches us is not the first that was sent. */
export async function findOrBeginCall(visit: Visit<Line>, request: WebhookRequest) {
  const known = await findCall(visit, request);
  if (known) return known;
  await beginCall(visit, request);
  const begun = await findCall(visit, request);
  if (!begun) throw new Error('a call belongs to another business');
  return begun;
}

async function findCall(visit: Visit<Line>, { callSid, fields }: WebhookRequest) {
  const found = await visit.tx.call.findFirst({
    // A whisper is heard on a leg of its own; the call is its parent.
    where: { callSid: { in: [callSid, fields.ParentCallSid ?? callSid] } },
    select: {
      businessId: true,
      id: true,
      status: true,
      calledNumber: true,
      callerNumber: true,
      events: { where: { kind: 'person_took_it' }, select: { id: true }, take: 1 },
    },
  });
  if (!found) return null;
  const { callerNumber } = open('Call', found);
  const caller: CallerId = callerNumber === null ? { kind: 'withheld' } : parseCallerId(callerNumber);
  return {
    id: found.id,
    status: found.status,
    calledNumber: found.calledNumber,
    caller,
    taken: found.events.length > 0,
  };
}

async function beginCall(visit: Visit<Line>, { callSid, fields }: WebhookRequest): Promise<void> {
  const { businessId } = visit.viewer;
  const id = newId();
  const caller = parseCallerId(fields.From ?? '');
  const { count } = await visit.tx.call.createMany({
    data: seal('Call', {
      businessId,
      id,
      callSid,
      type: 'inbound' as const,
      status: 'ringing' as const,
      calledNumber: fields.To ?? '',
      callerNumber: caller.kind === 'number' ? caller.e164 : caller.kind === 'other' ? caller.text : null,
      callerNumberIndex: caller.kind === 'number' ? blindIndex('phone', caller.e164) : null,
      callerName: fields.CallerName?.trim().slice(0, 200) || null,
      startedAt: visit.now,
    }),
    skipDuplicates: true, // the same first ring may arrive twice at once
  });
  if (count > 0) visit.record({ action: 'call.create', resourceType: 'call', resourceId: id });
}
