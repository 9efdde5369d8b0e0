import type { Callback, Webhook } from './faults';
import type { Asked, CallerAct, Person } from './script';

/** How a call came to its end. */
export type Ending =
  | 'document ended'
  | 'line hung up'
  | 'caller hung up'
  | 'rejected'
  | 'application error'
  | 'time limit';

export type CallStatus = 'ringing' | 'in-progress' | 'completed' | 'busy' | 'no-answer' | 'canceled' | 'failed';

/** What happened, as it happens. `by` is `caller` or the number of somebody on duty. */
export type Happening =
  | { readonly type: 'ringing'; readonly callSid: string; readonly from: string; readonly to: string }
  | { readonly type: 'answered'; readonly by: string }
  | { readonly type: 'requested'; readonly method: string; readonly url: string; readonly status: number }
  | { readonly type: 'heard'; readonly by: string; readonly text: string; readonly language?: string }
  | { readonly type: 'waited'; readonly by: string; readonly seconds: number }
  | ({ readonly type: 'asked'; readonly by: string } & Asked)
  | { readonly type: 'did'; readonly by: string; readonly act: CallerAct }
  | { readonly type: 'dialled'; readonly number: string }
  | { readonly type: 'picked up'; readonly number: string; readonly person: Person }
  | { readonly type: 'not reached'; readonly number: string; readonly why: 'busy' | 'no answer' | 'did not take it' }
  | { readonly type: 'connected'; readonly number: string; readonly seconds: number }
  | { readonly type: 'recorded'; readonly recordingSid: string; readonly seconds: number; readonly words: string }
  | { readonly type: 'failed'; readonly code: number; readonly url: string; readonly message: string }
  | { readonly type: 'ended'; readonly how: Ending; readonly status: CallStatus; readonly seconds: number }
  | { readonly type: 'called back'; readonly about: Callback; readonly url: string; readonly status: number | null }
  | { readonly type: 'lost'; readonly webhook: Webhook; readonly url: string };

/** A happening with its moment, ISO-8601 in UTC, by the network's clock. */
export type CallEvent = { readonly at: string } & Happening;

/** A call that is over, callbacks included. */
export type CompletedCall = {
  readonly callSid: string;
  /** What the caller heard, in order: spoken sentences, `(beep)`, and `(audio: <address>)` for what was played. */
  readonly heard: readonly string[];
  readonly events: readonly CallEvent[];
  readonly recordings: readonly { readonly sid: string; readonly seconds: number; readonly words: string }[];
  readonly ended: { readonly how: Ending; readonly status: CallStatus; readonly seconds: number };
};
