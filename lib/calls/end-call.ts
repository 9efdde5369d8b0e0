/** Twilio's last word on a call: when it ended and how many seconds it took. */
import { wantPeopleTold } from '@/lib/notifications/want-people-told';
import type { Line, Visit } from '@/lib/platform/visit';
import { isOver } from '@/lib/rules/call-status';
import { isToBeTold } from '@/lib/rules/waiting';
import { findOrBeginCall } from './find-or-begin-call';
import { noteEvents } from './note-events';
import { settleCall } from './settle-call';
import type { WebhookRequest } from './webhook-request';

/** Closes a call. Reports may come twice, late, or before the last of the call; the first that closes it counts. */
export async function endCall(visit: Visit<Line>, request: WebhookRequest): Promise<void> {
  const call = await findOrBeginCall(visit, request);
  const reported = request.fields.CallStatus ?? '';
  if (!isOver(reported) || call.endedAt) return;
  const seconds = secondsOf(request.fields.CallDuration);
  const { at = visit.now } = request;
  // The clock that began the call ends it: the report may be late, its seconds are right. Where the requests that began
  // it never reached us, its row is younger than the call.
  const startedAt = new Date(Math.min(call.startedAt.getTime(), at.getTime() - seconds * 1000));
  await settleCall(visit, call.id, { reported, startedAt, seconds });
  await noteEvents(visit, call.id, [{ key: 'ended', kind: 'ended', detail: { seconds } }]);
  // Whoever hung up in an emergency left no message that would have said it.
  const ended = await visit.tx.call.findFirstOrThrow({
    where: { businessId: visit.viewer.businessId, id: call.id },
    select: { type: true, status: true, intent: true, urgent: true, uncharged: true, notSpamAt: true },
  });
  if (isToBeTold(ended)) await wantPeopleTold(visit, call.id);
}

const secondsOf = (text: string | undefined): number => (/^\d{1,6}$/.test(text ?? '') ? Number(text) : 0);
