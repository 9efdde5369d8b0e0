/** What a call is told to do next, one to one with TwiML's verbs. lib/platform writes them as XML. */

import type { Address } from './call-address';

/** Seconds throughout, as in TwiML. */
export type Instruction =
  | Say
  | Gather
  | TakeRecording
  | StartTranscription
  | StopTranscription
  | Dial
  | Redirect
  | Hangup
  | Reject;

/** Speaks. `text` is plain text, not yet escaped. */
export type Say = { readonly verb: 'say'; readonly text: string; readonly language: string };

/**
 * Speaks and waits for a key or a word. With `actionOnEmptyResult` silence is posted to the action too; without it
 * silence goes on to the next instruction. With `speechTimeout` auto, speech ends where the caller pauses.
 */
export type Gather = {
  readonly verb: 'gather';
  readonly input: 'dtmf' | 'dtmf speech';
  readonly says: readonly Say[];
  readonly action: Address;
  readonly numDigits: number;
  readonly timeout: number;
  readonly speechTimeout?: 'auto';
  readonly hints: readonly string[];
  readonly language: string;
  readonly actionOnEmptyResult: boolean;
};

/** Beeps and records, then posts to the action; the recording and its text follow at the two callbacks. */
export type TakeRecording = {
  readonly verb: 'record';
  readonly action: Address;
  readonly maxLength: number;
  readonly timeout: number;
  readonly finishOnKey: string;
  readonly playBeep: boolean;
  readonly transcribe: boolean;
};

/** From here on what the caller says is written down as they say it; the words follow at the callback. `name` ends it. */
export type StartTranscription = {
  readonly verb: 'start_transcription';
  readonly name: string;
  readonly language: string;
};

export type StopTranscription = { readonly verb: 'stop_transcription'; readonly name: string };

/**
 * Rings all `numbers` at once; whoever takes it first is connected, after hearing the document at `whisper`. `callerId`
 * null shows the caller's own number.
 */
export type Dial = {
  readonly verb: 'dial';
  readonly numbers: readonly { readonly number: string; readonly whisper: Address }[];
  readonly action: Address;
  readonly timeout: number;
  readonly callerId: string | null;
  readonly answerOnBridge: boolean;
};

/** Goes on at another address; what stands after it is never reached. */
export type Redirect = { readonly verb: 'redirect'; readonly to: Address };

export type Hangup = { readonly verb: 'hangup' };

/** Refuses the call unanswered and unbilled. Only as the first and only instruction. */
export type Reject = { readonly verb: 'reject'; readonly reason: 'rejected' | 'busy' };
