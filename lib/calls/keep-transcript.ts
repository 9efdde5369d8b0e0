/** The words of a recording, as Twilio made them out. They may come before the recording itself, or never. */
import { wantJob } from '@/lib/jobs/want-job';
import { newId } from '@/lib/platform/clock';
import { seal } from '@/lib/platform/sealing';
import type { Line, Visit } from '@/lib/platform/visit';
import { summaryOf } from '@/lib/rules/summary';
import { wantRemoteCopyDeleted } from './delete-remote-recording';
import { findOrBeginCall } from './find-or-begin-call';
import { noteEvents } from './note-events';
import { reportOddCallback } from './report-odd-callback';
import type { WebhookRequest } from './webhook-request';

/** Seals the transcript, and what the caller wanted in one line. The first word on a recording's transcript stands. */
export async function keepTranscript(visit: Visit<Line>, request: WebhookRequest): Promise<void> {
  const { businessId } = visit.viewer;
  const call = await findOrBeginCall(visit, request);
  const {
    RecordingSid: recordingSid = '',
    TranscriptionSid: transcriptionSid = '',
    TranscriptionText: text = '',
  } = request.fields;
  if (!/^RE[0-9a-f]{32}$/.test(recordingSid)) return reportOddCallback(visit, request);

  // Words are kept whatever the status says of them, and a success without any field of words is none.
  const failed = request.fields.TranscriptionStatus === 'failed' || request.fields.TranscriptionText === undefined;
  const status = failed && text === '' ? ('failed' as const) : ('completed' as const);
  const id = newId();
  const { count } = await visit.tx.transcript.createMany({
    data: seal('Transcript', {
      businessId,
      id,
      callId: call.id,
      recordingSid,
      status,
      text: status === 'completed' ? text : null,
      createdAt: request.at ?? visit.now,
    }),
    skipDuplicates: true,
  });
  if (count === 0) return;
  visit.record({ action: 'transcript.create', resourceType: 'transcript', resourceId: id });
  const kind = status === 'completed' ? 'transcribed' : 'transcription_failed';
  await noteEvents(visit, call.id, [{ key: `${kind} ${recordingSid}`, kind }]);

  const summary = summaryOf(text);
  if (summary !== '') {
    const { wanted } = seal('Call', { businessId, id: call.id, wanted: summary });
    await visit.tx.call.updateMany({ where: { businessId, id: call.id }, data: { wanted } });
  }
  await wantRemoteTranscriptDeleted(visit, transcriptionSid);
  const recording = await visit.tx.recording.findFirst({
    where: { businessId, recordingSid, status: 'stored' },
    select: { id: true },
  });
  if (recording) await wantRemoteCopyDeleted(visit, recording.id, 'transcribed');
}

/** What Twilio made out stays there as text until somebody deletes it. */
async function wantRemoteTranscriptDeleted(visit: Visit<Line>, transcriptionSid: string): Promise<void> {
  if (!/^TR[0-9a-f]{32}$/.test(transcriptionSid)) return;
  await wantJob(visit, {
    kind: 'delete_remote_transcription',
    key: `delete-remote-transcription ${transcriptionSid}`,
    payload: { reference: transcriptionSid },
  });
}
