/** A call as it is told to the people of the business: step by step. */

import type { AftermathKind } from './aftermath';
import type { CallFact } from './call';
import type { TellState, TellWay } from './telling';
import { whyNotDelivered } from './text-message';

/** Something that happened. `said` is what the caller said then, where they spoke. */
export type StoryEvent = {
  readonly kind: string;
  readonly detail: Detail;
  readonly said: string | null;
  /** Who was rung, where they are still on the list. */
  readonly name?: string | undefined;
};
/** What the event's own row says of it (the data map lists the keys). */
type Detail = Readonly<Record<string, unknown>>;

const ORDINALS = ['first', 'second', 'third', 'fourth', 'fifth'];

/** By name where that is known; else by their place, though the list may have changed since. */
function personOf({ person, name }: Detail): string {
  if (typeof name === 'string' && name !== '') return name;
  const ordinal = ORDINALS[Number(person)];
  return ordinal === undefined ? 'a person on your list' : `the ${ordinal} person on your list`;
}

const BECAUSE = new Map<unknown, string>([
  ['closed', 'You were closed.'],
  ['nobody_free', 'Nobody was free.'],
  ['over_limit', 'The minutes of the month were used up.'],
]);
const CHOICES = new Map<unknown, string>([
  ['message', 'to leave a message'],
  ['appointment', 'to book an appointment'],
  ['hours', 'to hear your hours'],
  ['emergency', 'emergency'],
]);
const QUESTIONS = new Map<unknown, string>([
  ['appointment', 'when they would like to come'],
  ['urgent', 'what happened'],
]);
const MESSAGES = new Map<unknown, string>([
  ['appointment', 'a wish for an appointment'],
  ['urgent', 'an urgent message'],
]);

/** What each kind of event means, in a sentence without its full stop. */
const SENTENCES: Readonly<Record<CallFact['kind'] | AftermathKind | 'ended', (detail: Detail) => string>> = {
  rejected: ({ because }) =>
    because === 'blocked' ? 'We turned it away: you have blocked this caller' : 'We turned it away as a robot',
  forged: () => 'The number shown was not the caller’s own',
  came_back: () => 'It came from this line itself: somebody whom we ring has their calls forwarded to it',
  greeted: ({ because }) => `${BECAUSE.get(because) ?? 'Nobody took the call.'} We played your greeting`,
  notice_played: () => 'We said that a message is recorded',
  rang_person: (detail) => `We rang ${personOf(detail)}`,
  person_took_it: (detail) => `We reached ${personOf(detail)}, who took the call`,
  person_declined: (detail) => `We reached ${personOf(detail)}, who did not take the call`,
  person_spoke: (detail) => `The caller spoke to ${personOf(detail)}`,
  person_missed_it: (detail) => `Not taken by ${personOf(detail)}`,
  chose: ({ choice }) => `The caller chose ${CHOICES.get(choice) ?? 'from the menu'}`,
  not_understood: ({ silent }) => (silent === true ? 'The caller said nothing' : 'We did not understand the caller'),
  hours_read: () => 'We read out your hours',
  asked_for_message: ({ as }) => `We asked the caller ${QUESTIONS.get(as) ?? 'for a message'}`,
  message_left: ({ as }) => `The caller left ${MESSAGES.get(as) ?? 'a message'}`,
  nothing_recorded: () => 'The caller left nothing',
  ended: () => 'The call ended',
  caught_up: () => 'We were out of reach when this call came in. We got it from the phone company afterwards',
  recorded: () => 'The phone company has the recording',
  recording_absent: () => 'The phone company has no recording: there was nothing to hear',
  recording_failed: () => 'The phone company could not make a recording',
  saved: () => 'We have the recording, sealed and checked',
  saving_failed: () => 'We gave up fetching the recording',
  transcribed: () => 'We have the words of the recording',
  transcription_failed: () => 'Nobody could make out the words',
  told_failed: () => 'There was nobody to tell',
  told_nobody: () => 'Everybody chose not to hear of it, so we told nobody',
  nobody_took_it: () => 'We told everybody three times, and nobody took it',
};

/** An event in words. A kind that this version does not know is shown by its name. */
export function describeEvent({ kind, detail, said, name }: StoryEvent): string {
  const sentence = isKnown(kind) ? SENTENCES[kind]({ ...detail, name }) : sentenceOf(kind);
  return said === null ? sentence : `${sentence}: “${said}”`;
}

const isKnown = (kind: string): kind is keyof typeof SENTENCES => Object.hasOwn(SENTENCES, kind);

function sentenceOf(kind: string): string {
  const words = kind.replaceAll('_', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** Somebody who is told of the call, by one way. `name` is null for somebody who has left. */
export type ToldStory = {
  readonly name: string | null;
  readonly way: TellWay;
  readonly state: TellState;
  /** Twilio's code of the error. */
  readonly errorCode: number | null;
};

const WAYS: Readonly<Record<TellWay, string>> = { mail: 'e-mail', text: 'text' };

/** What became of telling somebody, in words. */
export function describeTelling({ name, way, state, errorCode }: ToldStory): string {
  const who = name ?? 'Somebody who has left';
  const by = WAYS[way];
  if (state === 'wanted') return `${who} is being told by ${by}`;
  if (state === 'sent')
    return way === 'mail' ? `${who} was told by e-mail` : `${who} was sent a text, which may not have arrived yet`;
  if (state === 'unconfirmed') return `${who} was sent a text, and no network said whether it arrived`;
  if (state === 'delivered') return `${who} was told by ${by}`;
  const why = whyNotDelivered(errorCode);
  return `${who} could not be told by ${by}${why === null ? '' : `: ${why}`}`;
}
