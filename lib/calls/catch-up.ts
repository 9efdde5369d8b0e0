/**
 * What callbacks should have told us and did not, as Twilio's lists have it. Each of these goes the way of its callback, so
 * that whichever comes first counts, and twice is once.
 */
import type { TwilioCall, TwilioRecording, TwilioTranscription } from '@/lib/platform/twilio-lists';
import type { Line, Visit } from '@/lib/platform/visit';
import { endCall } from './end-call';
import { findOrBeginCall } from './find-or-begin-call';
import { keepRecording } from './keep-recording';
import { keepTranscript } from './keep-transcript';
import { noteEvents } from './note-events';
import type { WebhookRequest } from './webhook-request';

/** A call that is over: ended here, and begun where none of its own requests reached us. */
export async function catchUpCall(
  visit: Visit<Line>,
  { sid: callSid, from, to, status, callerName, seconds, startedAt, endedAt }: TwilioCall,
): Promise<void> {
  const isKnown = (await visit.tx.call.count({ where: { businessId: visit.viewer.businessId, callSid } })) > 0;
  const fields = { From: from, To: to, CallStatus: status, CallerName: callerName, CallDuration: String(seconds) };
  if (!isKnown) {
    const call = await findOrBeginCall(visit, told(callSid, startedAt, fields));
    await noteEvents(visit, call.id, [{ key: 'caught_up', kind: 'caught_up' }]);
  }
  await endCall(visit, told(callSid, endedAt, fields));
}

/** A recording of a call that we have. */
export const catchUpRecording = (visit: Visit<Line>, recording: TwilioRecording): Promise<void> =>
  keepRecording(
    visit,
    told(recording.callSid, recording.createdAt, {
      RecordingSid: recording.sid,
      RecordingStatus: recording.status,
      RecordingDuration: String(recording.seconds),
    }),
  );

/** The words of a recording of a call that we have, where Twilio has made them out or given up. */
export const catchUpTranscript = (
  visit: Visit<Line>,
  recording: TwilioRecording,
  { sid, status, text }: TwilioTranscription,
): Promise<void> =>
  keepTranscript(
    visit,
    told(recording.callSid, recording.createdAt, {
      RecordingSid: recording.sid,
      TranscriptionSid: sid,
      TranscriptionStatus: status,
      TranscriptionText: text,
    }),
  );

/** What Twilio would have sent, when it happened. */
function told(callSid: string, at: Date | null, fields: WebhookRequest['fields']): WebhookRequest {
  return { callSid, fields, query: new URLSearchParams(), ...(at && { at }) };
}
