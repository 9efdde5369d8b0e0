/**
 * The call, as a pure function: who we answer for, the call so far and what just happened give what to do next and what
 * to write down. The webhooks run it, the simulator runs it, and the owner's preview runs it.
 *
 *   it rings ── blocked, robot ───────── reject
 *      │ ├───── minutes used up ──────── greeting, notice ─ message
 *      │ └───── open ─ duty ─ taken ──── goodbye
 *      │                │ next person … nobody
 *      └─────── closed ─┴─ greeting, notice ─ menu ─┬─ message ──────────┐
 *                                             │ ↑   ├─ appointment ──────┤ recorded ─ thanks, goodbye
 *                          not understood, twice┘   ├─ hours, menu again │
 *                                                   └─ emergency ─ taken ─ goodbye
 *                                                          └ nobody ─ urgent message
 *
 * No loops: every next address is further on than the one before (a later step, person, attempt, or reading of the
 * hours), and each of these is limited. A document never ends in silence: its last words are a goodbye, or it hands the
 * call on.
 */

import {
  type Answer,
  type Business,
  type CallFact,
  type CallSoFar,
  intentOf,
  MENU_ATTEMPTS,
  MESSAGE_ATTEMPTS,
  MOST_HOURS_READ,
} from './call';
import { queryOf } from './call-address';
import {
  askAgain,
  askForMessage,
  connect,
  doNotConnect,
  greetAndOfferMenu,
  greetAndTakeMessage,
  type Next,
  offerMenuAgain,
  readHours,
  reject,
  ring,
  sayGoodbye,
  sayGoodbyeWithoutMessage,
  sayNotInService,
  takeMessageWithoutBusiness,
  thank,
  whisper,
} from './call-answers';
import type { CallEvent } from './call-event';
import type { CallIntent, CallStatus } from './call-status';
import type { Instruction } from './instructions';
import { writtenDownLive } from './live-transcript';
import { type Understood, understand } from './menu';
import { isOpen } from './opening-hours';

/**
 * The next answer of a call. Every answer except a screening reject has speech, a recording or a dial in it. An event
 * that does not belong to its place counts as no answer there, so that the call still moves on.
 */
export function callFlow(business: Business, call: CallSoFar, event: CallEvent, now: Date): Answer {
  const next = whatNext(business, call, event, now);
  const learned = whatWeLearn(call, event);
  const turn = event.kind === 'rings' ? 'rings' : `${event.kind}?${queryOf(event.at)}`;
  const events = [...learned.events, ...next.events].map((fact) => ({ ...fact, key: `${turn} ${fact.kind}` }));
  return {
    instructions: business.transcripts === 'live' ? writtenDownLive(event, next.instructions) : next.instructions,
    facts: {
      events,
      status: learned.status ?? next.status ?? null,
      intent: learned.intent ?? null,
      urgent: learned.urgent ?? false,
      said: event.kind === 'answers' && event.speech !== '' ? event.speech : null,
    },
  };
}

/** The table of the call. */
function whatNext(business: Business, call: CallSoFar, event: CallEvent, now: Date): Next {
  if (event.kind === 'rings') {
    if (event.verdict === 'blocked' || event.verdict === 'robot') return reject(event.verdict);
    if (business.service === 'message_only') return greetAndTakeMessage(business);
    return isOpen(business.hours, now) ? ring(business, call, 'duty', 0) : greetAndOfferMenu(business, 'closed');
  }
  if (event.kind === 'picks_up') return atTheOtherEnd(business.name, event);

  const { at } = event;
  switch (at.step) {
    case 'duty':
    case 'emergency':
      return haveSpoken(call, event) ? sayGoodbye() : ring(business, call, at.step, at.person + 1);

    case 'menu':
      switch (understood(event)?.choice) {
        case 'message':
          return askForMessage('message');
        case 'appointment':
          return askForMessage('appointment');
        case 'emergency':
          return ring(business, call, 'emergency', 0);
        case 'hours':
          return at.hoursRead < MOST_HOURS_READ
            ? readHours(business.hours, at, now)
            : askForMessage('message', 'no_more_hours');
        case undefined:
          return at.attempt < MENU_ATTEMPTS
            ? offerMenuAgain(at, isSilent(event))
            : askForMessage('message', 'in_any_case');
      }
      break;

    case 'message':
    case 'appointment':
    case 'urgent':
      if (hasMessage(event)) return thank(at.step);
      return at.attempt < MESSAGE_ATTEMPTS ? askAgain(at.step, at.attempt + 1) : sayGoodbyeWithoutMessage();
  }
}

/** What the person who was rung hears. An answering machine presses nothing, and so gets no caller. */
function atTheOtherEnd(businessName: string, event: PicksUp): Next {
  if (accepts(event)) return connect();
  return asksFirst(event) ? whisper(businessName, event.at) : doNotConnect();
}

type Learned = {
  readonly events: readonly CallFact[];
  readonly status?: CallStatus;
  readonly intent?: CallIntent;
  readonly urgent?: boolean;
};

/** What the event itself says, whatever is done next. */
function whatWeLearn(call: CallSoFar, event: CallEvent): Learned {
  if (event.kind === 'rings') {
    if (call.cameBack) return { events: [{ kind: 'came_back' }] };
    return { events: event.verdict === 'forged' ? [{ kind: 'forged' }] : [] };
  }
  const { step, person, attempt } = event.at;
  if (event.kind === 'picks_up') {
    if (accepts(event)) return { events: [{ kind: 'person_took_it', person }], status: 'in_progress' };
    return { events: asksFirst(event) ? [] : [{ kind: 'person_declined', person }] };
  }
  switch (step) {
    case 'duty':
      return haveSpoken(call, event)
        ? { events: [{ kind: 'person_spoke', person }], status: 'forwarded', intent: 'forwarded' }
        : { events: [{ kind: 'person_missed_it', person }] };
    case 'emergency':
      return haveSpoken(call, event)
        ? { events: [{ kind: 'person_spoke', person }], status: 'forwarded' }
        : { events: [{ kind: 'person_missed_it', person }] };
    case 'menu': {
      const answer = understood(event);
      if (answer === null) return { events: [{ kind: 'not_understood', attempt, silent: isSilent(event) }] };
      return { events: [{ kind: 'chose', ...answer }], intent: answer.choice, urgent: answer.choice === 'emergency' };
    }
    case 'message':
    case 'appointment':
    case 'urgent': {
      if (!hasMessage(event)) return { events: [{ kind: 'nothing_recorded', as: step }] };
      const seconds = event.kind === 'recorded' ? event.seconds : null;
      return {
        events: [{ kind: 'message_left', as: step, seconds }],
        status: 'completed',
        intent: intentOf(step),
        urgent: step === 'urgent',
      };
    }
  }
}

// Reading an event at its place.

/** Twilio may leave out whether the two were connected; then the key pressed at the whisper decides. */
function haveSpoken(call: CallSoFar, event: CallEvent): boolean {
  return event.kind === 'rung' && (event.bridged ?? call.taken);
}

function understood(event: CallEvent): Understood | null {
  return event.kind === 'answers' ? understand(event) : null;
}

function isSilent(event: CallEvent): boolean {
  return event.kind !== 'answers' || (event.digits === '' && event.speech === '');
}

/** A recording of unknown length counts as a message: what was said is never thrown away on a guess. */
function hasMessage(event: CallEvent): boolean {
  return event.kind === 'recorded' && event.hasRecording && event.seconds !== 0;
}

type PicksUp = Extract<CallEvent, { kind: 'picks_up' }>;

function accepts(event: PicksUp): boolean {
  return event.digits === '1';
}

function asksFirst(event: PicksUp): boolean {
  return event.digits === '' && event.at.attempt === 1;
}

// Without a business.

/**
 * The answer when something of ours is slow or broken. It needs no business and no database, only the event: the caller
 * can leave a message in any case, and an urgent one stays urgent, since the place of the recording says so.
 */
export function fallbackAnswer(event: CallEvent): readonly Instruction[] {
  return whatNextWithoutBusiness(event).instructions;
}

/** The answer when nobody owns the number that was called. */
export function unknownNumberAnswer(): readonly Instruction[] {
  return sayNotInService().instructions;
}

function whatNextWithoutBusiness(event: CallEvent): Next {
  if (event.kind === 'rings') return takeMessageWithoutBusiness('message');
  if (event.kind === 'picks_up') return atTheOtherEnd('', event);
  switch (event.at.step) {
    case 'duty':
    case 'menu':
      return event.kind === 'rung' && event.bridged ? sayGoodbye() : takeMessageWithoutBusiness('message');
    case 'emergency':
      return event.kind === 'rung' && event.bridged ? sayGoodbye() : takeMessageWithoutBusiness('urgent');
    case 'message':
    case 'appointment':
    case 'urgent':
      return hasMessage(event) ? thank(event.at.step) : sayGoodbyeWithoutMessage();
  }
}
