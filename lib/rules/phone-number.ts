/** Telephone numbers: what the network gives us, what people type, and how they are written and spoken. */

import { type CountryCode, parsePhoneNumberFromString } from 'libphonenumber-js/min';

/** Who is calling. `other` is a caller that has no telephone number: `client:ana`, `sip:ana@example.com`. */
export type CallerId =
  | { readonly kind: 'number'; readonly e164: string }
  | { readonly kind: 'withheld' }
  | { readonly kind: 'other'; readonly text: string };

/** Words that networks send in place of a number; some send them as they would be typed on a telephone's keys. */
const WITHHELD_WORDS = ['anonymous', 'unavailable', 'unknown', 'blocked', 'restricted', 'private', 'withheld'];
const WITHHELD = new Set([...WITHHELD_WORDS, ...WITHHELD_WORDS.map(onKeypad)]);

const LONGEST_CALLER_TEXT = 200;

/**
 * Reads the `From` of a call. "+266696687" passes for a number of Lesotho and is the word "anonymous" on a keypad, so
 * the withheld list is asked before the shape. A blank caller is a withheld one.
 */
export function parseCallerId(from: string): CallerId {
  const text = from.trim().slice(0, LONGEST_CALLER_TEXT);
  if (/^client:/i.test(text)) return { kind: 'other', text };
  const user = text.replace(/^sips?:/i, '').replace(/@.*$/s, '');
  const bare = user.toLowerCase().replace(/[^a-z0-9]/g, '');
  if (bare === '' && !/[\p{Letter}\p{Number}]/u.test(user)) return { kind: 'withheld' };
  if (WITHHELD.has(bare) || bare.includes('anonymous')) return { kind: 'withheld' };
  if (/^\+[1-9]\d{5,14}$/.test(text)) return { kind: 'number', e164: text };
  return { kind: 'other', text };
}

/** The country of a number in E.164, where that can be told: numbers of a shared code such as +1 need more than this. */
export function countryOf(e164: string): CountryCode | null {
  return parsePhoneNumberFromString(e164)?.country ?? null;
}

/**
 * A number as typed in a form or a search, in E.164; null when it cannot be one. Without a leading + or 00 it is read as
 * one of `country`. Extensions are refused: they cannot be dialled as part of a number.
 */
export function toE164(typed: string, country: CountryCode): string | null {
  const text = typed.trim().replace(/^00(?=[1-9])/, '+');
  if (text.length > 40 || !/^[+＋]?[\p{Number}\s().\-/‐-―]+$/u.test(text)) return null;
  const parsed = parsePhoneNumberFromString(text, country);
  return parsed?.isPossible() && parsed.ext === undefined ? parsed.number : null;
}

/** A number as people write it: "(415) 555-0132" at home in `country`, "+1 415 555 0132" elsewhere. */
export function formatPhone(e164: string, country: CountryCode | null = null): string {
  const parsed = parsePhoneNumberFromString(e164);
  if (parsed === undefined) return e164;
  return parsed.country !== undefined && parsed.country === country
    ? parsed.formatNational()
    : parsed.formatInternational();
}

/** Whether two numbers ring the same telephone. Both in E.164 or as stored; compared by their digits. */
export function isSameNumber(one: string, other: string): boolean {
  const digits = one.replace(/\D/g, '');
  return digits !== '' && digits === other.replace(/\D/g, '');
}

function onKeypad(word: string): string {
  const keys = '22233344455566677778889999';
  return [...word].map((letter) => keys[letter.charCodeAt(0) - 'a'.charCodeAt(0)] ?? '').join('');
}
