/**
 * What a new password must be: eight characters with upper and lower case, a digit and a sign, or any fifteen; at most
 * 128; nothing that is guessed first. The same in the browser, where it is typed, and on the server, which decides.
 *
 * Characters are Unicode's code points after composition (NFC); nothing is trimmed, folded or cut off (NIST SP 800-63B
 * §3.1.1.2). The classes for short passwords depart from ASVS V6.2.5: the mission asks for them.
 */
import { COMMON_WORDS } from './common-passwords';

const fewest = 8;
const fewestOfAnyKind = 15;
const most = 128;

/** What belongs to the person or to us, and is therefore guessed first. */
const ourselves = ['aftercallpro', 'aftercall'];
/** Shorter parts of a name stand in too many words to mean anything. */
const tellingLength = 4;

const composed = (text: string) => text.normalize('NFC');

/**
 * What keeps a password from being taken, as a sentence that says what to do; `null` when nothing does.
 *
 * @param about what else is known of the person: e-mail and name. A password must not contain them.
 */
export function passwordProblem(password: string, about: readonly string[]): string | null {
  const text = composed(password);
  const length = [...text].length;
  if (length < fewest) return `Use at least ${fewest} characters.`;
  if (length > most) return `Use at most ${most} characters.`;
  if (length < fewestOfAnyKind) {
    const missing = missingKinds(text);
    if (missing.length > 0) return `Add ${inWords(missing)}, or use ${fewestOfAnyKind} characters of any kind.`;
  }
  const folded = text.toLowerCase();
  if (telling(about).some((word) => folded.includes(word)))
    return 'Leave out your name, your e-mail address, your business and AfterCallPro: they are guessed first.';
  if (isCommon(folded)) return 'This is one of the passwords that are guessed first. Choose words nobody would expect.';
  return null;
}

export type Strength = { readonly level: 0 | 1 | 2 | 3; readonly text: string };

/** How far a password has come, for the person who is typing it: 0 empty, 1 not accepted, 2 accepted, 3 strong. */
export function passwordStrength(password: string, about: readonly string[]): Strength {
  if (password === '') return { level: 0, text: '' };
  const problem = passwordProblem(password, about);
  if (problem !== null) return { level: 1, text: `Not yet. ${problem}` };
  const text = composed(password);
  const isStrong = [...text].length >= fewestOfAnyKind && new Set(text.toLowerCase()).size >= 8;
  return isStrong ? { level: 3, text: 'Strong.' } : { level: 2, text: 'Good. A longer one is stronger.' };
}

function missingKinds(text: string): string[] {
  const kinds: readonly (readonly [RegExp, string])[] = [
    [/\p{Lu}/u, 'a capital letter'],
    [/\p{Ll}/u, 'a small letter'],
    [/\p{Nd}/u, 'a digit'],
    [/[^\p{L}\p{M}\p{N}]/u, 'a sign such as ! or ?'],
  ];
  return kinds.flatMap(([kind, name]) => (kind.test(text) ? [] : [name]));
}

const inWords = (items: readonly string[]) =>
  items.length === 1 ? items.join('') : `${items.slice(0, -1).join(', ')} and ${items.at(-1)}`;

/** Of an address the part before the `@`, whole and by its words; where it is hosted says nothing about anybody. */
function telling(about: readonly string[]): string[] {
  const words = about.flatMap((text) => {
    const own = composed(text).toLowerCase().split('@')[0] ?? '';
    return [own, ...own.split(/[^\p{L}\p{M}\p{N}]+/u)];
  });
  return [...words.filter((word) => [...word].length >= tellingLength), ...ourselves];
}

/** Whether a password in small letters is a common word in disguise, a pattern of keys, or something said over and over. */
function isCommon(folded: string): boolean {
  return disguised(folded).some((word) => COMMON_WORDS.has(word)) || isRepeated(folded) || isPattern(folded);
}

/** Digits and signs that people add at the ends; more than this many are a secret of their own. */
const ornaments = 8;

/** The words that may hide in `P@$$w0rd2024!`: without what stands at its ends, letters for the signs that stand for them. */
function disguised(folded: string): string[] {
  const unit = unitOf(folded);
  const bare = [unit.replace(/^[^a-z]+|[^a-z]+$/g, ''), unit.replace(/[^a-z]+$/, ''), unit];
  return bare
    .filter((core) => unit.length - core.length <= ornaments)
    .flatMap((core) => ['i', 'l'].map((one) => lettersOf(core, one)))
    .flatMap((word) => [word, unitOf(word)]);
}

const lookAlikes: Readonly<Record<string, string>> = {
  '@': 'a',
  '4': 'a',
  '3': 'e',
  '0': 'o',
  $: 's',
  '5': 's',
  '7': 't',
};
const lettersOf = (text: string, one: string) =>
  [...text]
    .map((sign) => (sign === '1' || sign === '!' ? one : (lookAlikes[sign] ?? sign)))
    .join('')
    .replace(/[^a-z]/g, '');

/** The shortest text that, said over and over, gives this one; its last time may be cut short. */
function unitOf(text: string): string {
  for (let size = 1; size <= text.length / 2; size += 1) {
    const unit = text.slice(0, size);
    if (unit.repeat(Math.ceil(text.length / size)).startsWith(text)) return unit;
  }
  return text;
}

const isRepeated = (text: string) => unitOf(text).length <= 4;

const keyboard = ['1234567890-=', 'qwertyuiop[]', "asdfghjkl;'", 'zxcvbnm,./'] as const;
/** The sign over each digit, on a keyboard for English. */
const shifted = '!@#$%^&*()';
const places = new Map(keyboard.flatMap((row, y) => [...row].map((key, x) => [key, { x, y }] as const)));
const keyOf = (sign: string) => (shifted.includes(sign) ? (keyboard[0][shifted.indexOf(sign)] ?? sign) : sign);

/** Three steps of four go to a key beside the last one, or to the next letter or digit: nobody needs to know it to type it. */
function isPattern(folded: string): boolean {
  const keys = [...folded].map(keyOf);
  const steps = keys.slice(1).filter((key, before) => isStep(keys[before] ?? '', key)).length;
  return steps >= (keys.length - 1) * 0.75;
}

function isStep(from: string, to: string): boolean {
  if (Math.abs((from.codePointAt(0) ?? 0) - (to.codePointAt(0) ?? 0)) <= 1) return true;
  const [a, b] = [places.get(from), places.get(to)];
  return a !== undefined && b !== undefined && Math.abs(a.x - b.x) <= 1 && Math.abs(a.y - b.y) <= 1;
}
