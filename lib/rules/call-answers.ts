/** What can be said and done in a call: each function is one document of instructions. */

import {
  type Because,
  type Business,
  type CallFact,
  type CallSoFar,
  LONGEST_MESSAGE,
  MESSAGE_ATTEMPTS,
  type MessageStep,
  MOST_PEOPLE_RUNG,
} from './call';
import { type Place, placeAt } from './call-address';
import type { CallStatus } from './call-status';
import type { Instruction, Say } from './instructions';
import { MENU_HINTS } from './menu';
import { describeHours, type OpeningHours } from './opening-hours';
import { isSameNumber } from './phone-number';
import type { TurnedAway } from './screening';
import { phrases, speakable } from './speech';

const words = phrases.en;

/** What is done next, and what of that is worth writing down. */
export type Next = {
  readonly instructions: readonly Instruction[];
  readonly events: readonly CallFact[];
  readonly status?: CallStatus;
};

/** Why a message is asked for when the caller did not choose one: it is said before the question. */
type Lead = keyof typeof words.lead;

export function reject(because: TurnedAway): Next {
  return {
    instructions: [{ verb: 'reject', reason: 'rejected' }],
    events: [{ kind: 'rejected', because }],
    status: 'rejected',
  };
}

/** Rings the first person from `from` on who can be rung; when there is none, goes on without them. */
export function ring(business: Business, call: CallSoFar, step: 'duty' | 'emergency', from: number): Next {
  const isWanted = step === 'duty' ? business.ringWhenOpen : business.ringInEmergency;
  const canBeRung = isWanted ? peopleToRing(business, call) : [];
  const person = canBeRung.find((index) => index >= from);
  const number = business.duty[person ?? -1]?.number;
  if (person === undefined || number === undefined) {
    if (step === 'duty') return greetAndOfferMenu(business, 'nobody_free');
    return askForMessage('urgent', from > 0 ? 'nobody_on_call' : 'in_danger');
  }
  const urgent = step === 'emergency';
  const place = placeAt(step, { person });
  return {
    instructions: [
      ...(urgent ? say(...(from > 0 ? [words.ringingNext] : [words.lead.in_danger, words.ringingOnCall])) : []),
      {
        verb: 'dial',
        numbers: [{ number, whisper: { webhook: 'whisper', place } }],
        action: { webhook: 'dial-result', place },
        timeout: business.ringSeconds,
        // A withheld caller has no number to show; the business's own tells the person that it is this line.
        callerId: call.caller.kind === 'number' ? null : business.number,
        answerOnBridge: true,
      },
    ],
    events: [{ kind: 'rang_person', person, urgent }],
    status: urgent ? 'in_progress' : 'ringing',
  };
}

/**
 * Never the called number, which would call itself for ever, and never the caller, whose line is busy with this call.
 * Nobody where the call is our own ringing.
 */
function peopleToRing({ duty, number }: Business, { caller, cameBack }: CallSoFar): readonly number[] {
  if (cameBack) return [];
  return duty
    .map((_, index) => index)
    .filter((index) => {
      const candidate = duty[index]?.number ?? '';
      const isCaller = caller.kind === 'number' && isSameNumber(candidate, caller.e164);
      return /\d/.test(candidate) && !isSameNumber(candidate, number) && !isCaller;
    })
    .slice(0, MOST_PEOPLE_RUNG);
}

/** Runs on the telephone of the person rung, before the two are connected. */
export function whisper(businessName: string, at: Place): Next {
  const announcement = words.whisper(nameInSentence(businessName), at.step === 'emergency');
  const answered: Place = { ...at, attempt: at.attempt + 1 };
  return {
    instructions: [
      {
        verb: 'gather',
        input: 'dtmf',
        says: say(announcement, words.pressToTake, announcement, words.pressToTake),
        action: { webhook: 'whisper', place: answered },
        numDigits: 1,
        timeout: 5,
        hints: [],
        language: words.language,
        actionOnEmptyResult: false,
      },
      ...doNotConnect().instructions,
    ],
    events: [],
  };
}

/** The end of a whisper without a hang-up connects the two. */
export function connect(): Next {
  return { instructions: say(words.connecting), events: [] };
}

export function doNotConnect(): Next {
  return goodbye(words.notTaken);
}

export function greetAndOfferMenu(business: Business, because: Because): Next {
  return greet(business, because, offerMenu([], placeAt('menu')));
}

export function greetAndTakeMessage(business: Business): Next {
  return greet(business, 'over_limit', askForMessage('message'));
}

/** The greeting and the notice stand before anything that a key can cut short: no recording without the notice. */
function greet(business: Pick<Business, 'name' | 'greeting'>, because: Because, next: Next): Next {
  const greeting = speakable(business.greeting) || words.greeting(nameInSentence(business.name));
  return {
    instructions: [...say(greeting, words.because[because], words.notice), ...next.instructions],
    events: [{ kind: 'greeted', because }, { kind: 'notice_played' }, ...next.events],
    status: 'in_progress',
  };
}

export function offerMenuAgain(at: Place, silent: boolean): Next {
  return offerMenu([silent ? words.heardNothing : words.notUnderstood], { ...at, attempt: at.attempt + 1 });
}

/** Who asks for the hours has been understood, so the reprompts begin anew. */
export function readHours(hours: OpeningHours, at: Place, now: Date): Next {
  const menu = offerMenu([describeHours(hours, now)], placeAt('menu', { hoursRead: at.hoursRead + 1 }));
  return { ...menu, events: [{ kind: 'hours_read' }] };
}

function offerMenu(before: readonly string[], place: Place): Next {
  const { message, appointment, hours, emergency } = words.menu;
  return {
    instructions: [
      {
        verb: 'gather',
        input: 'dtmf speech',
        says: say(...before, message, appointment, hours, emergency),
        action: { webhook: 'turn', place },
        numDigits: 1,
        timeout: 5,
        speechTimeout: 'auto',
        hints: MENU_HINTS,
        language: words.language,
        actionOnEmptyResult: true,
      },
    ],
    events: [],
  };
}

export function askForMessage(as: MessageStep, lead: Lead | null = null): Next {
  const before = lead === null ? [] : [words.lead[lead]];
  return {
    instructions: [...say(...before, words[as], words.howToFinish), ...record(placeAt(as))],
    events: [{ kind: 'asked_for_message', as }],
  };
}

export function askAgain(as: MessageStep, attempt: number): Next {
  return { instructions: [...say(words.nothingRecorded), ...record(placeAt(as, { attempt }))], events: [] };
}

/** For when we know neither who was called nor what went before. Asked once: the next request may fail as well. */
export function takeMessageWithoutBusiness(as: MessageStep): Next {
  const asked = [...say(words[as], words.howToFinish), ...record(placeAt(as, { attempt: MESSAGE_ATTEMPTS }))];
  return greet({ name: '', greeting: '' }, 'over_limit', { instructions: asked, events: [] });
}

/** Twilio has been seen to go on after an empty recording instead of posting it; the redirect covers that. */
function record(place: Place): readonly Instruction[] {
  const action = { webhook: 'recorded', place } as const;
  return [
    {
      verb: 'record',
      action,
      maxLength: LONGEST_MESSAGE,
      timeout: 5,
      finishOnKey: '#',
      playBeep: true,
      transcribe: true,
    },
    { verb: 'redirect', to: action },
  ];
}

export function thank(as: MessageStep): Next {
  return goodbye(words.thanks[as]);
}

export function sayGoodbye(): Next {
  return goodbye(words.goodbye);
}

export function sayGoodbyeWithoutMessage(): Next {
  return goodbye(words.goodbyeWithoutMessage);
}

export function sayNotInService(): Next {
  return goodbye(words.unknownNumber);
}

function goodbye(text: string): Next {
  return { instructions: [...say(text), { verb: 'hangup' }], events: [] };
}

function say(...texts: readonly string[]): readonly Say[] {
  return texts.map((text) => ({ verb: 'say', text, language: words.language }));
}

/** A business's name for the middle or the end of a sentence of ours. */
function nameInSentence(name: string): string {
  return speakable(name).replace(/\.$/, '');
}
