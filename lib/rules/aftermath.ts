/** What a call's history says after the call: kinds of `call_events` beside those of the call itself (`CallFact`). */
export type AftermathKind =
  /** None of the call's own requests reached us: Twilio was asked for it afterwards. */
  | 'caught_up'
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
  /** There was nobody to tell, or everybody chose to hear nothing. What became of each mail and text stands in `tellings`. */
  | 'told_failed'
  | 'told_nobody'
  /** An urgent call went round as often as it does. */
  | 'nobody_took_it';

/**
 * Seconds that Twilio keeps its copy when nothing has been heard of the transcript yet: it is made from that copy, and a
 * message of two minutes takes a few.
 */
export const TRANSCRIPT_PATIENCE = 900;
