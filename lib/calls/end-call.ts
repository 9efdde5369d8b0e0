/** Twilio's last word on a call: when it ended and how many seconds it took. */
import type { Line, Visit } from '@/lib/platform/visit';
import { moveForward, statusFromReport } from '@/lib/rules/call-status';
import { chargedSeconds, holdSeconds } from '@/lib/rules/minutes';
import { findOrBeginCall } from './answer-call';
import { noteEvents } from './note-events';
import type { WebhookRequest } from './webhook-request';

const atWork = new Set(['queued', 'initiated', 'ringing', 'in-progress']);

/**
 * Closes a call. Reports may come twice, late, or before the last of the recording; the status only moves forward, and
 * the seconds are those of the first report that had them.
 */
export async function endCall(visit: Visit<Line>, request: WebhookRequest): Promise<void> {
  const { businessId } = visit.viewer;
  const call = await findOrBeginCall(visit, request);
  const row = await visit.tx.call.findFirstOrThrow({
    where: { businessId, id: call.id },
    select: {
      status: true,
      intent: true,
      startedAt: true,
      endedAt: true,
      events: { select: { kind: true, at: true, detail: true } },
    },
  });
  const reported = request.fields.CallStatus ?? '';
  if (atWork.has(reported) || row.endedAt) return;
  const seconds = secondsOf(request.fields.CallDuration);
  const events = row.events.map(({ kind, at, detail }) => ({
    kind,
    at,
    urgent: (detail as { urgent?: unknown }).urgent === true,
  }));
  const known = {
    messageLeft: row.status === 'completed',
    taken: row.status === 'forwarded',
    intent: row.intent,
  };
  await visit.tx.call.updateMany({
    where: { businessId, id: call.id },
    data: {
      status: moveForward(row.status, statusFromReport(reported, known)),
      // The clock that began the call ends it: the report may be late, its seconds are right.
      endedAt: new Date(row.startedAt.getTime() + seconds * 1000),
      secondsUsed: seconds,
      secondsCharged: chargedSeconds({ seconds, holdSeconds: holdSeconds(events), spam: row.status === 'rejected' }),
    },
  });
  await noteEvents(visit, call.id, [{ key: 'ended', kind: 'ended', detail: { seconds } }]);
}

const secondsOf = (text: string | undefined): number => (/^\d{1,6}$/.test(text ?? '') ? Number(text) : 0);
