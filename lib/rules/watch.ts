/** What ought to happen and does not, which nobody who calls or looks would notice. */

const HOUR_MS = 3_600_000;

/** Minutes after the end of a call by which its message is with us: fetching it is tried again for less than that. */
export const SAVING_PATIENCE = 120;
/** Hours that are looked back for calls without their message: each of them is seen by many runs, and told of once. */
export const LOOKING_BACK = 48;

/**
 * Whether a caller left a message that we do not have: by the kinds of a call's events (lib/rules/aftermath.ts). Where
 * Twilio says that there was nothing on it, nothing is missing.
 */
export function isMessageMissing(kinds: readonly string[]): boolean {
  const has = (kind: string) => kinds.includes(kind);
  return (has('message_left') || has('recorded')) && !has('saved') && !has('recording_absent');
}

/** What is usual is read from so many days before the last call, where there were so many calls at least. */
export const USUAL_DAYS = 28;
const LEAST_CALLS = 15;
/** A silence is no news before it is this many hours long, and this many times the longest of those days. */
const LEAST_HOURS = 24;
const LONGER = 1.5;

/**
 * Whether a line is quiet for longer than is usual for its business: longer, by half, than its longest silence in the four
 * weeks before its last call, and than a day. Nights, weekends and a week's holiday are in those weeks or they are not; a
 * line that rings once a week is not quiet after eight days.
 *
 * @param calls when its calls began in these weeks, in any order.
 */
export function isUnusuallyQuiet(calls: readonly Date[], now: Date): boolean {
  const times = calls.map((call) => call.getTime()).toSorted((a, b) => a - b);
  const last = times.at(-1);
  if (last === undefined || times.length < LEAST_CALLS) return false;
  const longest = Math.max(...times.slice(1).map((time, place) => time - (times[place] ?? time)));
  return now.getTime() - last > Math.max(LEAST_HOURS * HOUR_MS, longest * LONGER);
}
