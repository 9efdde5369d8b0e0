/** What the events and the transcripts of a call that is over say of it, whichever order they were written down in. */
import type { EndedTraces } from './screening';
import type { NothingSaid } from './transcript';

/** An event as its row has it: the kinds of call.ts and aftermath.ts. */
export type TracedEvent = { readonly kind: string; readonly detail: unknown };

/** A transcript as its row has it. */
export type TracedWords = { readonly status: 'completed' | 'failed'; readonly nothing: NothingSaid | null };

export type Traces = Omit<EndedTraces, 'urgent' | 'seconds'> & {
  /** Whether words were left: of those that turned out to be none, none are. */
  readonly messageLeft: boolean;
  /** Whether somebody of the business spoke to the caller. */
  readonly taken: boolean;
};

export function tracesOf(events: readonly TracedEvent[], transcripts: readonly TracedWords[]): Traces {
  const of = (kind: string) => events.filter((event) => event.kind === kind).map(({ detail }) => Object(detail));
  const has = (kind: string) => of(kind).length > 0;
  // Each message is told twice, by the call and by Twilio's callback, and either may be missing.
  const messages = Math.max(of('message_left').length, of('recorded').length);
  const nothing = transcripts.filter((transcript) => transcript.nothing !== null);
  const unclear = transcripts.filter(({ status }) => status === 'failed');
  const messageLeft = messages > nothing.length;
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
      messages > nothing.length + unclear.length,
    isMachine: !messageLeft && nothing.some((transcript) => transcript.nothing === 'machine'),
    messageLeft,
    taken: has('person_spoke'),
  };
}
