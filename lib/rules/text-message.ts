/**
 * Texts. A text lies in the open at every network it passes, and on a locked screen, so it says that there is something
 * and where, and nothing of who called or what they said. What comes back are the words of the law
 * (47 CFR 64.1200(a)(10); Twilio's own lists for long codes).
 */
import { DateTime } from 'luxon';
import type { TellState } from './telling';
import { cutTo } from './text';

/** Two texts of 160 characters hold the longest address with it. */
const LONGEST_NAME = 40;

type About = {
  readonly business: string;
  /** The business's IANA zone, in which times are told. */
  readonly zone: string;
  readonly startedAt: Date;
  readonly urgent: boolean;
  /** Where the call is shown; of an urgent one, where somebody says that they take it. */
  readonly address: string;
};

/** The text that tells somebody of a call. The address makes it one that no other text is. */
export function callText({ business, zone, startedAt, urgent, address }: About): string {
  const time = DateTime.fromJSDate(startedAt, { zone }).setLocale('en-US').toFormat('h:mm a').toLowerCase();
  const name = cutTo(LONGEST_NAME, business.replace(/[\s\p{Cc}]+/gu, ' ').trim());
  return urgent
    ? `Urgent call for ${name} at ${time}. Take it: ${address}`
    : `New message for ${name} from ${time}: ${address}`;
}

/** Minutes that a code counts, and how often it may be typed wrongly. */
export const CODE_MINUTES = 10;
export const CODE_TRIES = 5;
/** Codes that somebody may ask for: each text costs money, and could be sent to a stranger. */
export const CODES_AN_HOUR = 3;
export const CODES_A_DAY = 6;

/** The text with the code that shows that a telephone is theirs. */
export const codeText = (code: string): string =>
  `${code} is your AfterCallPro code, for ${CODE_MINUTES} minutes. Nobody will ask you for it. Reply STOP to get no texts from this number.`;

/** What answers somebody who writes to the number of a business. */
export const noTextsHere = 'Nobody reads texts at this number. Please call it, and leave a message if nobody is there.';

const STOP = new Set(['stop', 'stopall', 'unsubscribe', 'end', 'quit', 'revoke', 'optout', 'cancel']);
const START = new Set(['start', 'yes', 'unstop']);
const HELP = new Set(['help', 'info']);

export type Keyword = 'stop' | 'start' | 'help';

/**
 * What a text asks for by one of the words of the law, whatever the case and with a stop or an exclamation mark behind it.
 * `OptOutType`, where Twilio says it, has looked at the text already. Twilio itself answers these words.
 */
export function keywordOf({ Body = '', OptOutType = '' }: Readonly<Record<string, string>>): Keyword | null {
  const word = Body.trim()
    .replace(/[.!]{1,9}$/, '')
    .replace(/^opt[ -]out$/i, 'optout')
    .toLowerCase();
  const type = OptOutType.trim().toLowerCase();
  if (type === 'stop' || STOP.has(word)) return 'stop';
  if (type === 'start' || START.has(word)) return 'start';
  return type === 'help' || HELP.has(word) ? 'help' : null;
}

/** Twilio's `MessageStatus` as we keep it; `null` for one that says nothing of a text that we sent. */
export function stateOfText(status: string): Exclude<TellState, 'wanted'> | null {
  if (['accepted', 'scheduled', 'queued', 'sending', 'sent'].includes(status)) return 'sent';
  if (['delivered', 'read', 'partially_delivered'].includes(status)) return 'delivered';
  return ['undelivered', 'failed', 'canceled'].includes(status) ? 'failed' : null;
}

/** Why a text did not arrive, by Twilio's code of the error; `null` where the code tells an owner nothing. */
export const whyNotDelivered = (code: number | null): string | null =>
  code === null ? null : (REASONS.get(code) ?? null);

/** The recipient has said STOP; Twilio refuses to write to them. */
export const OPTED_OUT = 21610;
const NO_MOBILE = 'this is no number that takes texts';
const OUT_OF_REACH = 'the telephone could not be reached';
const NOT_REGISTERED = 'the business’s number is not registered for texts';
const REASONS: ReadonlyMap<number, string> = new Map([
  [OPTED_OUT, 'they replied STOP'],
  [21211, NO_MOBILE],
  [21217, NO_MOBILE],
  [21614, NO_MOBILE],
  [30006, NO_MOBILE],
  [21408, 'texts to that country are turned off'],
  [21606, 'the business’s number cannot send texts'],
  [21612, OUT_OF_REACH],
  [30003, OUT_OF_REACH],
  [30005, OUT_OF_REACH],
  [30007, 'a network took it for spam'],
  [30034, NOT_REGISTERED],
]);
