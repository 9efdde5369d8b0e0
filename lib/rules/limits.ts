/** How often somebody may ask for something. Sign-in's own limits are in `lockout.ts`. */

/** So many tries in so many seconds. The name is that of the count: two limits of one name would share it. */
export type Limit = { readonly name: string; readonly tries: number; readonly seconds: number };

/** Whatever a signed-in person opens or changes, by account. */
export const signedInRequests: Limit = { name: 'signed-in', tries: 600, seconds: 300 };

/** What makes us work for somebody who is not signed in (sign-up, reset, asking for one's data), by network. */
export const anonymousRequests: readonly Limit[] = [
  { name: 'anonymous-hour', tries: 50, seconds: 3_600 },
  { name: 'anonymous-day', tries: 200, seconds: 86_400 },
];

/** Refusals that are written into the trail, for each account or network: one says it, a thousand would be a flood. */
export const recordedRefusals: Limit = { name: 'recorded-refusal', tries: 1, seconds: 300 };

/** Answers to texts that nobody reads, by the two numbers: the other side may be a program that answers, too. */
export const textAnswers: Limit = { name: 'text-answer', tries: 1, seconds: 86_400 };

/** The page that answers 429. */
export const tooManyPath = '/too-many-requests';

/** The longest wait that can be said: a day, as the longest limit. */
const longestWait = 86_400;

/** The address of the page for somebody who has to wait so many seconds. */
export const tooManyAddress = (seconds: number): string => `${tooManyPath}?wait=${seconds}`;

/** The seconds in that address, which anybody can write: a whole number that a limit may have said, else a minute. */
export function waitOf(text: string | null): number {
  const seconds = /^\d{1,5}$/.test(text ?? '') ? Number(text) : 0;
  return seconds >= 1 && seconds <= longestWait ? seconds : 60;
}

/** A wait as people say it: `a second`, `40 seconds`, `5 minutes`, `2 hours`. Never shorter than it is. */
export function inWords(seconds: number): string {
  const [count, unit] =
    seconds < 120
      ? [seconds, 'second']
      : seconds < 7_200
        ? [Math.ceil(seconds / 60), 'minute']
        : [Math.ceil(seconds / 3_600), 'hour'];
  return count === 1 ? `a ${unit}` : `${count} ${unit}s`;
}
