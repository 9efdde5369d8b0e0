/** A voice webhook: what has just happened on a call is written down, and what the caller hears next is returned. */
import { loadLine } from '@/lib/businesses/load-line';
import { wantPeopleTold } from '@/lib/notifications/want-people-told';
import { sql } from '@/lib/platform/sql';
import type { Brief, Line } from '@/lib/platform/visit';
import type { CallEvent } from '@/lib/rules/call-event';
import { callFlow } from '@/lib/rules/call-flow';
import { addIntent, moveForward } from '@/lib/rules/call-status';
import type { Instruction } from '@/lib/rules/instructions';
import { beginCall, type CurrentCall, findCall, newCall } from './find-or-begin-call';
import { isOwnRinging } from './is-own-ringing';
import { noteEvents } from './note-events';
import { screenCaller } from './screen-caller';
import { settleAgain } from './settle-call';
import type { WebhookRequest } from './webhook-request';

/** Every call has a row from its first request on, whichever that is. */
export async function answerCall(
  visit: Brief<Line>,
  request: WebhookRequest,
  event: CallEvent,
): Promise<readonly Instruction[]> {
  const [known, line, verdict] = await Promise.all([
    findCall(visit, request),
    loadLine(visit),
    event.kind === 'rings' ? screenCaller(visit, request) : null,
  ]);
  const call = known ?? newCall(visit, request);
  const business = { ...line, number: call.calledNumber };
  const { caller, taken } = call;
  const cameBack = call.cameBack || (event.kind === 'rings' && (await isOwnRinging(visit, business, call.id, request)));
  // None of a call that was answered is screened: whoever is on the line is not turned away.
  const isScreened = event.kind === 'rings' && !cameBack && ['ringing', 'rejected'].includes(call.status);
  const happened = isScreened ? { ...event, verdict } : event;
  const { instructions, facts } = callFlow(business, { caller, taken, cameBack }, happened, visit.now);
  const { urgent } = facts;
  const events = facts.events.map(({ key, kind, ...detail }, index) => {
    const contactId = 'person' in detail && business.duty[detail.person]?.id;
    const said = index === 0 ? facts.said : null;
    return { key, kind, detail: { ...detail, ...(contactId && { contactId }) }, said };
  });
  const next = {
    ...call,
    status: moveForward(call.status, facts.status ?? call.status),
    intent: addIntent(call.intent, facts.intent ?? 'none'),
  };
  if (known) await Promise.all([noteEvents(visit, call.id, events), moveOn(visit, known, next, urgent)]);
  // Begun by another request in this moment: known by now.
  else if (await beginCall(visit, request, next, { urgent, events })) return answerCall(visit, request, event);
  if (call.endedAt) await settleAgain(visit, call); // it was on its way when the caller hung up
  if (events.some(({ kind }) => kind === 'message_left')) await wantPeopleTold(visit, call.id);
  return instructions;
}

/** Writes down how a call stands, where that is news. */
async function moveOn(
  { ask, viewer: { businessId } }: Brief<Line>,
  call: CurrentCall,
  { status, intent }: CurrentCall,
  urgent: boolean,
): Promise<void> {
  if (status === call.status && intent === call.intent && !urgent) return;
  await ask(sql`
    UPDATE calls SET status = ${status}::call_status, intent = ${intent}::call_intent, urgent = urgent OR ${urgent}
    WHERE business_id = ${businessId}::uuid AND id = ${call.id}::uuid`);
}
