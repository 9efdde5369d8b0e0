/** Twilio's word on a recording: that there is one to fetch, or that there is none. */
import { wantJob } from '@/lib/jobs/want-job';
import { wantPeopleTold } from '@/lib/notifications/want-people-told';
import { newId } from '@/lib/platform/clock';
import type { Line, Visit } from '@/lib/platform/visit';
import type { AftermathKind } from '@/lib/rules/aftermath';
import { intentOf } from '@/lib/rules/call';
import { placeFrom } from '@/lib/rules/call-address';
import { addIntent, moveForward } from '@/lib/rules/call-status';
import { findOrBeginCall } from './find-or-begin-call';
import { noteEvents } from './note-events';
import { reportOddCallback } from './report-odd-callback';
import { settleAgain } from './settle-call';
import type { WebhookRequest } from './webhook-request';

/**
 * Begins a recording's row and wants it fetched. A status that we do not know is taken for a recording that is there: a
 * fetch that finds nothing is tried again, a message that was not fetched is lost. Anything that arrives again changes
 * nothing.
 */
export async function keepRecording(visit: Visit<Line>, request: WebhookRequest): Promise<void> {
  const { businessId } = visit.viewer;
  const call = await findOrBeginCall(visit, request);
  const {
    RecordingSid: recordingSid = '',
    RecordingStatus: status = '',
    RecordingDuration: seconds = '',
  } = request.fields;
  if (status === 'in-progress') return;
  if (!/^RE[0-9a-f]{32}$/.test(recordingSid)) return reportOddCallback(visit, request);
  const note = (kind: AftermathKind) => noteEvents(visit, call.id, [{ key: `${kind} ${recordingSid}`, kind }]);
  if (status === 'absent') return note('recording_absent');
  if (status === 'failed') return note('recording_failed');

  const id = newId();
  const { count } = await visit.tx.recording.createMany({
    data: {
      businessId,
      id,
      callId: call.id,
      recordingSid,
      seconds: /^\d{1,6}$/.test(seconds) ? Number(seconds) : 0,
      createdAt: request.at ?? visit.now,
    },
    skipDuplicates: true,
  });
  if (count === 0) return;
  visit.record({ action: 'recording.create', resourceType: 'recording', resourceId: id });
  await note('recorded');
  await wantJob(visit, { kind: 'fetch_recording', key: `fetch-recording ${id}`, payload: { recordingId: id } });
  // The request that should have said that there is a message, and what kind of one, may not have reached us.
  const step = placeFrom(request.query)?.step;
  const as = step === 'urgent' || step === 'appointment' ? step : 'message';
  await visit.tx.call.updateMany({
    where: { businessId, id: call.id },
    data: {
      status: moveForward(call.status, 'completed'),
      intent: addIntent(call.intent, intentOf(as)),
      ...(as === 'urgent' && { urgent: true }),
    },
  });
  if (call.endedAt) await settleAgain(visit, call);
  await wantPeopleTold(visit, call.id);
}
