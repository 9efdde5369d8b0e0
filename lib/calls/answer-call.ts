/** A voice webhook: what has just happened on a call is written down, and what the caller hears next is returned. */
import { loadLine } from '@/lib/businesses/load-line';
import { wantPeopleTold } from '@/lib/notifications/want-people-told';
import type { Line, Visit } from '@/lib/platform/visit';
import type { CallEvent } from '@/lib/rules/call-event';
import { callFlow } from '@/lib/rules/call-flow';
import { addIntent, moveForward } from '@/lib/rules/call-status';
import type { Instruction } from '@/lib/rules/instructions';
import { findOrBeginCall } from './find-or-begin-call';
import { isOwnRinging } from './is-own-ringing';
import { noteEvents } from './note-events';
import { screenCaller } from './screen-caller';
import { settleAgain } from './settle-call';
import type { WebhookRequest } from './webhook-request';

type Call = Awaited<ReturnType<typeof findOrBeginCall>>;

/** Every call has a row from its first request on, whichever that is. */
export async function answerCall(
  visit: Visit<Line>,
  request: WebhookRequest,
  event: CallEvent,
): Promise<readonly Instruction[]> {
  const call = await findOrBeginCall(visit, request);
  const business = await loadLine(visit, call.calledNumber);
  const { caller, taken } = call;
  const cameBack = call.cameBack || (event.kind === 'rings' && (await isOwnRinging(visit, business, call.id, request)));
  const happened = cameBack ? event : await screened(visit, request, event, call);
  const { instructions, facts } = callFlow(business, { caller, taken, cameBack }, happened, visit.now);
  const { said } = facts;
  await noteEvents(
    visit,
    call.id,
    facts.events.map(({ key, kind, ...detail }, index) => {
      const contactId = 'person' in detail && business.duty[detail.person]?.id;
      return { key, kind, detail: { ...detail, ...(contactId && { contactId }) }, said: index === 0 ? said : null };
    }),
  );
  await visit.tx.call.updateMany({
    where: { businessId: visit.viewer.businessId, id: call.id },
    data: {
      status: moveForward(call.status, facts.status ?? call.status),
      intent: addIntent(call.intent, facts.intent ?? 'none'),
      ...(facts.urgent && { urgent: true }),
    },
  });
  if (call.endedAt) await settleAgain(visit, call); // it was on its way when the caller hung up
  if (facts.events.some(({ kind }) => kind === 'message_left')) await wantPeopleTold(visit, call.id);
  return instructions;
}

/** Only a ring is screened, and none of a call that was answered: whoever is on the line is not turned away. */
async function screened(visit: Visit<Line>, request: WebhookRequest, event: CallEvent, call: Call): Promise<CallEvent> {
  const isAnswered = call.status !== 'ringing' && call.status !== 'rejected';
  if (event.kind !== 'rings' || isAnswered) return event;
  return { ...event, verdict: await screenCaller(visit, call, request) };
}
