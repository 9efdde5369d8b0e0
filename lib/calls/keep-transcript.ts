/**
 * What a caller said, as Twilio made it out: from the recording, in one piece, or while they spoke, in many. It may come
 * before the recording itself, in any order, or never.
 */
import { wantJob } from '@/lib/jobs/want-job';
import { newId } from '@/lib/platform/clock';
import { open, seal } from '@/lib/platform/sealing';
import type { Line, Visit } from '@/lib/platform/visit';
import { summaryOf } from '@/lib/rules/summary';
import { nothingSaid, type Part, readParts, textOf, withPart, writeParts } from '@/lib/rules/transcript';
import { readTranscriptReport, type TranscriptReport } from '@/lib/rules/transcript-report';
import { wantRemoteCopyDeleted } from './delete-remote-recording';
import { findOrBeginCall } from './find-or-begin-call';
import { noteEvents } from './note-events';
import { reportOddCallback } from './report-odd-callback';
import { settleAgain } from './settle-call';
import type { WebhookRequest } from './webhook-request';

/** Seals the words, and what the caller wanted in one line; says where they are no message. */
export async function keepTranscript(visit: Visit<Line>, request: WebhookRequest): Promise<void> {
  const { businessId } = visit.viewer;
  const report = readTranscriptReport(request.fields);
  const call = await findOrBeginCall(visit, request);
  if (report === null) return reportOddCallback(visit, request);
  const transcript = await keepWords(visit, call.id, report, request.at ?? visit.now);
  if (transcript === null) return;

  const { status, text, nothing } = transcript;
  const kind = status === 'completed' ? 'transcribed' : 'transcription_failed';
  await noteEvents(visit, call.id, [{ key: `${kind} ${Object.values(report.of)[0]}`, kind }]);
  const summary = nothing === null ? summaryOf(text) : '';
  if (summary !== '') {
    const { wanted } = seal('Call', { businessId, id: call.id, wanted: summary });
    await visit.tx.call.updateMany({ where: { businessId, id: call.id }, data: { wanted } });
  }
  if (call.endedAt) await settleAgain(visit, call);

  if (report.keptSid !== null) await wantRemoteTranscriptDeleted(visit, report.keptSid);
  const recording = await visit.tx.recording.findFirst({
    where: { businessId, status: 'stored', ...('recordingSid' in report.of ? report.of : { callId: call.id }) },
    select: { id: true },
  });
  if (recording) await wantRemoteCopyDeleted(visit, recording.id, 'transcribed');
}

/** @returns `null` where the report changes nothing: it came before, or tells of nothing that was said. */
async function keepWords(
  visit: Visit<Line>,
  callId: string,
  report: TranscriptReport,
  createdAt: Date,
): Promise<ReturnType<typeof judged> | null> {
  const { tx, viewer, record } = visit;
  const { businessId } = viewer;
  if (report.parts.length === 0 && !report.isOver && !report.isFailed) return null;
  const found = await tx.transcript.findFirst({
    where: { businessId, ...report.of },
    select: { businessId: true, id: true, status: true, parts: true },
  });
  // The first word on a recording's transcript stands; a session's grows.
  if (found && 'recordingSid' in report.of) return null;
  const before = found && { ...found, parts: readParts(open('Transcript', found).parts ?? '[]') };
  const parts = report.parts.reduce(withPart, before?.parts ?? []);
  if (before && parts.length === before.parts.length && parts.length > 0) return null;
  const words = judged(parts, report.isFailed || before?.status === 'failed');
  const id = before?.id ?? newId();
  const { status, nothing } = words;
  const row = seal('Transcript', {
    businessId,
    id,
    text: status === 'completed' ? words.text : null,
    parts: 'sessionSid' in report.of ? writeParts(parts) : null,
  });
  if (before) {
    const { text, parts: sealed } = row;
    await tx.transcript.updateMany({ where: { businessId, id }, data: { status, nothing, text, parts: sealed } });
  } else {
    const { count } = await tx.transcript.createMany({
      data: { ...row, ...report.of, callId, status, nothing, createdAt },
      skipDuplicates: true,
    });
    if (count === 0) return null;
    record({ action: 'transcript.create', resourceType: 'transcript', resourceId: id });
  }
  return words;
}

/** What there is, whichever of its reports came first: any word beats a failure, and without either it was silence. */
function judged(parts: readonly Part[], isFailed: boolean) {
  const text = textOf(parts);
  const status = isFailed && parts.length === 0 ? ('failed' as const) : ('completed' as const);
  return { status, text, nothing: status === 'completed' ? nothingSaid(text) : null };
}

/** What Twilio made out stays there as text until somebody deletes it. */
async function wantRemoteTranscriptDeleted(visit: Visit<Line>, transcriptionSid: string): Promise<void> {
  await wantJob(visit, {
    kind: 'delete_remote_transcription',
    key: `delete-remote-transcription ${transcriptionSid}`,
    payload: { reference: transcriptionSid },
  });
}
