/** What a caller said, as it was made out: in parts that may be unsure, and perhaps no message at all. */

/** From what a message is written down: its recording, or the call while it goes on. */
export type TranscriptSource = 'recording' | 'live';

/** A stretch of what was said. `at` is its place among the others; `confidence` from 0 to 1, `null` where nobody says. */
export type Part = { readonly at: number; readonly text: string; readonly confidence: number | null };

/** The place of what came without one: the last. */
export const NO_PLACE = Number.MAX_SAFE_INTEGER;

/** With a part more, in order. The first word on a place stands: what arrives twice changes nothing. */
export function withPart(parts: readonly Part[], part: Part): readonly Part[] {
  const isSame = ({ at, text }: Part) => at === part.at && (at !== NO_PLACE || text === part.text);
  if (parts.some(isSame)) return parts;
  return [...parts, part].toSorted((a, b) => a.at - b.at);
}

export const textOf = (parts: readonly Part[]): string => parts.map(({ text }) => text).join(' ');

/** Below it, one word in three or more tends to be another one; the reader should listen. */
const SURE = 0.7;

/** Whether a reader should not rely on it. Where nobody says how sure they were, nothing is marked. */
export const isUnsure = ({ confidence }: Part): boolean => confidence !== null && confidence < SURE;

/** Parts as they are kept, sealed. */
export const writeParts = (parts: readonly Part[]): string =>
  JSON.stringify(parts.map(({ at, text, confidence }) => [at, text, confidence]));

/** @throws SyntaxError, or TypeError, for what was not written here. */
export const readParts = (json: string): readonly Part[] =>
  (JSON.parse(json) as [number, string, number | null][]).map(([at, text, confidence]) => ({ at, text, confidence }));

/** Why there is no message in what was left: nobody spoke, there was only music, or another machine spoke. */
export type NothingSaid = 'silence' | 'music' | 'machine';

/** What recognisers write for sounds that are no words, mostly in brackets. */
const MUSIC = /^(?:(?:hold|soft|upbeat|background|instrumental) )?music(?: playing)?$|^instrumental$|^playing music$/;
const NO_WORDS = /^(?:silence|blank audio|no speech|inaudible|(?:background )?noise|static|beep|breathing|dial tone)$/;
/** Short, so that brackets that nothing closes are not looked for again and again. */
const BRACKETED = /\[([^[\]]{0,60})\]|\(([^()]{0,60})\)|\*([^*]{0,60})\*/g;
const NOTES = /[♪♫♬]/gu;

/** What machines say and people do not, in words alone. */
const ANNOUNCEMENTS = [
  /\bplease (?:leave|record) (?:a|your|me a|us a) (?:brief |detailed |short )?(?:message|name|voice message)\b.{0,60}\b(?:after|at) the (?:tone|beep)\b/,
  /\b(?:after|at) the (?:tone|beep) please (?:leave|record) (?:a|your) (?:voice )?message\b/,
  /\bforwarded to an? automat(?:ed|ic) voice (?:message|messaging|mail) system\b/,
  /\bthe (?:wireless )?(?:person|party|customer|subscriber|number|mailbox) you (?:are|re) (?:trying to reach|calling) (?:is|s|has|cannot)\b/,
  /\bthe (?:number|party|mailbox) you (?:have|ve) (?:dialed|reached|called) (?:is|has)\b/,
  /\bwhen you (?:are|re|have) finished recording\b/,
  /\bthe (?:mailbox|voicemail) is full\b/,
  /\byour call (?:cannot|can not|could not) be completed as dialed\b/,
];

/** Characters: a machine's announcement is a few sentences, and whoever says more says something. */
const LONGEST_ANNOUNCEMENT = 400;

/**
 * Whether what was made out is no message, and what it is instead. Only where that is certain: somebody who tells of an
 * answering machine, or of music, has left a message.
 */
export function nothingSaid(text: string): NothingSaid | null {
  if (text.length > LONGEST_ANNOUNCEMENT) return null;
  const words = plainWords(text.replace(BRACKETED, ' ').replace(NOTES, ' '));
  if (words === '') return isMusic(text) ? 'music' : 'silence';
  if (MUSIC.test(words)) return 'music';
  if (NO_WORDS.test(words)) return 'silence';
  return ANNOUNCEMENTS.some((announcement) => announcement.test(words)) ? 'machine' : null;
}

/** Of a text that holds nothing but sounds. */
function isMusic(text: string): boolean {
  const sounds = [...text.matchAll(BRACKETED)].map(([, ...inside]) => plainWords(inside.find(Boolean) ?? ''));
  return text.search(NOTES) >= 0 || sounds.some((sound) => MUSIC.test(sound));
}

const plainWords = (text: string): string =>
  text
    .toLowerCase()
    .replace(/['’]/g, ' ')
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
