/** What the events of a call that is over say of it, whichever order they were written down in. */
import type { EndedTraces } from './screening';

/** An event as its row has it: the kinds of call.ts and aftermath.ts. */
export type TracedEvent = { readonly kind: string; readonly detail: unknown };

export type Traces = Omit<EndedTraces, 'urgent' | 'seconds'> & {
  /** Whether words were left: of those that turned out to be none, none are. */
  readonly messageLeft: boolean;
  /** Whether somebody of the business spoke to the caller. */
  readonly taken: boolean;
};

export function tracesOf(events: readonly TracedEvent[]): Traces {
  const of = (kind: string) => events.filter((event) => event.kind === kind).map(({ detail }) => Object(detail));
  const has = (kind: string) => of(kind).length > 0;
  // Each message is told twice, by the call and by Twilio's callback, and either may be missing.
  const messages = Math.max(of('message_left').length, of('recorded').length);
  const nothing = of('no_message');
  const messageLeft = messages > nothing.length;
  const wordsLeft = messages > nothing.length + of('transcription_failed').length;
  const [rejected] = of('rejected');
  return {
    turnedAway: rejected === undefined ? null : rejected.because === 'blocked' ? 'blocked' : 'robot',
    isForged: has('forged'),
    isGreeted: has('greeted'),
    gaveSign:
      has('chose') ||
      has('person_took_it') ||
      has('person_spoke') ||
      of('not_understood').some(({ silent }) => silent === false) ||
      wordsLeft,
    isMachine: !messageLeft && nothing.some(({ because }) => because === 'machine'),
    messageLeft,
    taken: has('person_spoke'),
  };
}
