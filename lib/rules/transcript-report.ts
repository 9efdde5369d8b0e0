/**
 * What Twilio tells of a transcript, whichever of its two ways it was made in: from the recording, in one callback, or
 * while the caller speaks, in many. Both are read into the same words.
 */
import { NO_PLACE, type Part } from './transcript';

export type TranscriptReport = {
  /** What it is the transcript of: a recording (RE…) or a session (GT…). */
  readonly of: { readonly recordingSid: string } | { readonly sessionSid: string };
  /** What was made out, as far as this report tells. */
  readonly parts: readonly Part[];
  /** Whether nothing more is to come. */
  readonly isOver: boolean;
  /** Whether the words could not be made out. */
  readonly isFailed: boolean;
  /** What Twilio keeps of it, by its id (TR…), until it is deleted there. */
  readonly keptSid: string | null;
};

type Fields = Readonly<Record<string, string | undefined>>;

/** @returns `null` for what says nothing of any transcript. */
export const readTranscriptReport = (fields: Fields): TranscriptReport | null =>
  fields.TranscriptionEvent === undefined ? afterwards(fields) : live(fields);

/** `transcribeCallback` of a recording. Words are kept whatever the status says of them; a success without any field of words is none. */
function afterwards({ RecordingSid, TranscriptionSid = '', TranscriptionText, TranscriptionStatus }: Fields) {
  const recordingSid = RecordingSid ?? '';
  if (!/^RE[0-9a-f]{32}$/.test(recordingSid)) return null;
  const text = TranscriptionText ?? '';
  const isFailed = text === '' && (TranscriptionStatus === 'failed' || TranscriptionText === undefined);
  return {
    of: { recordingSid },
    parts: isFailed ? [] : [{ at: 0, text, confidence: null }],
    isOver: true,
    isFailed,
    keptSid: /^TR[0-9a-f]{32}$/.test(TranscriptionSid) ? TranscriptionSid : null,
  };
}

/** `statusCallbackUrl` of a session. An event that we do not know tells nothing. */
function live({ TranscriptionSid, TranscriptionEvent, TranscriptionData = '', SequenceId = '', Final }: Fields) {
  const sessionSid = TranscriptionSid ?? '';
  if (!/^GT[0-9a-f]{32}$/.test(sessionSid)) return null;
  const isWords = TranscriptionEvent === 'transcription-content' && Final !== 'false';
  const part = isWords ? readPart(TranscriptionData, SequenceId) : null;
  return {
    of: { sessionSid },
    parts: part === null ? [] : [part],
    isOver: TranscriptionEvent === 'transcription-stopped',
    isFailed: TranscriptionEvent === 'transcription-error',
    keptSid: null,
  };
}

/** `{"transcript":"…","confidence":0.93}`. Without a place in the order, words come last. */
function readPart(json: string, sequence: string): Part | null {
  let data: unknown;
  try {
    data = JSON.parse(json);
  } catch {
    return null;
  }
  const { transcript, confidence } = Object(data);
  if (typeof transcript !== 'string' || transcript.trim() === '') return null;
  return {
    at: /^\d{1,9}$/.test(sequence) ? Number(sequence) : NO_PLACE,
    text: transcript.trim(),
    confidence: typeof confidence === 'number' && confidence >= 0 && confidence <= 1 ? confidence : null,
  };
}
