/** What a call's history says after the call: kinds of `call_events` beside those of the call itself (`CallFact`). */
export type AftermathKind =
  /** Twilio made a recording, made none (too short, or silence), or could not. */
  | 'recorded'
  | 'recording_absent'
  | 'recording_failed'
  /** The recording is with us: sealed, stored, read back and compared. Or we gave up fetching it. */
  | 'saved'
  | 'saving_failed'
  /** The caller's words are there as text, or could not be made out. */
  | 'transcribed'
  | 'transcription_failed'
  /** An owner's mail server took the mail (once for each owner), or at least one of them could not be told. */
  | 'told'
  | 'told_failed';

/**
 * Seconds that Twilio keeps its copy when nothing has been heard of the transcript yet: it is made from that copy, and a
 * message of two minutes takes a few.
 */
export const TRANSCRIPT_PATIENCE = 900;
