/** The nouns of a call: who we answer for, what we know, what we write down. */

import type { CallIntent, CallStatus } from './call-status';
import type { Instruction } from './instructions';
import type { Choice } from './menu';
import type { Service } from './minutes';
import type { OpeningHours } from './opening-hours';
import type { CallerId } from './phone-number';
import type { TurnedAway } from './screening';
import type { phrases } from './speech';
import type { TranscriptSource } from './transcript';

/** Somebody who can be rung; `number` in E.164. */
export type DutyPerson = { readonly name: string; readonly number: string };

/** A business as it is configured when the event arrives. */
export type Business = {
  readonly name: string;
  /** The called number in E.164; never rung by us. */
  readonly number: string;
  /** The owner's words; '' for the usual greeting. */
  readonly greeting: string;
  readonly hours: OpeningHours;
  /** In the order in which they are rung. */
  readonly duty: readonly DutyPerson[];
  /** Whether these people are rung in opening hours, before we answer. */
  readonly ringWhenOpen: boolean;
  /** Whether they are rung, at any hour, for a caller who has an emergency. */
  readonly ringInEmergency: boolean;
  /** Seconds that each person's telephone rings. */
  readonly ringSeconds: number;
  readonly service: Service;
  /** From what messages are written down. */
  readonly transcripts: TranscriptSource;
};

/** What earlier events of this call established. */
export type CallSoFar = {
  readonly caller: CallerId;
  /** Whether somebody accepted the call at the whisper. */
  readonly taken: boolean;
  /** Whether it is our own ringing, come back (came-back.ts). */
  readonly cameBack: boolean;
};

/** The three ways in which a message is asked for; an appointment is a request to be called back, an urgent one goes out at once. */
export type MessageStep = 'message' | 'appointment' | 'urgent';
/** What a message says its caller wanted, by how it was asked for. */
export const intentOf = (step: MessageStep) => (step === 'urgent' ? 'emergency' : step);
/** Why the caller is not put through. */
export type Because = keyof typeof phrases.en.because;

/** One line of the call's history. People are indices into the duty list. */
export type CallFact =
  | { readonly kind: 'rejected'; readonly because: TurnedAway }
  /** The caller's carrier vouched for a number that is not theirs. */
  | { readonly kind: 'forged' }
  | { readonly kind: 'came_back' }
  | { readonly kind: 'greeted'; readonly because: Because }
  | { readonly kind: 'notice_played' }
  | { readonly kind: 'rang_person'; readonly person: number; readonly urgent: boolean }
  | { readonly kind: 'person_took_it'; readonly person: number }
  | { readonly kind: 'person_declined'; readonly person: number }
  | { readonly kind: 'person_spoke'; readonly person: number }
  | { readonly kind: 'person_missed_it'; readonly person: number }
  | { readonly kind: 'chose'; readonly choice: Choice; readonly by: 'key' | 'speech' }
  | { readonly kind: 'not_understood'; readonly attempt: number; readonly silent: boolean }
  | { readonly kind: 'hours_read' }
  | { readonly kind: 'asked_for_message'; readonly as: MessageStep }
  | { readonly kind: 'message_left'; readonly as: MessageStep; readonly seconds: number | null }
  | { readonly kind: 'nothing_recorded'; readonly as: MessageStep };

/** What to write down. null and false mean "nothing new", never "take it back". */
export type Facts = {
  /** `key` is the same whenever the same request arrives again: store an event once by call and key. */
  readonly events: readonly (CallFact & { readonly key: string })[];
  /** For `moveForward`. */
  readonly status: CallStatus | null;
  readonly intent: CallIntent | null;
  readonly urgent: boolean;
  /** The caller's words at the menu as recognised: personal data, to be sealed. */
  readonly said: string | null;
};

export type Answer = { readonly instructions: readonly Instruction[]; readonly facts: Facts };

/** How many people are rung, the first ones of the list. */
export const MOST_PEOPLE_RUNG = 5;
/** Seconds a message may last: Twilio transcribes nothing longer. */
export const LONGEST_MESSAGE = 120;
/** How often the menu is offered before a message is taken in any case: once, and two reprompts. */
export const MENU_ATTEMPTS = 3;
/** How often one caller can have the hours read out. */
export const MOST_HOURS_READ = 2;
/** How often a message is asked for when nothing was recorded. */
export const MESSAGE_ATTEMPTS = 2;
