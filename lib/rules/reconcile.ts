/** How far back the comparison with Twilio looks. Everything in seconds. */

const HOUR = 3_600;
const DAY = 24 * HOUR;

/** A call may last four hours, and is found by the moment it began; an hour for clocks, and for lists that are behind. */
const OVERLAP = 5 * HOUR;
/** At the first time: what is older was not ours to answer, or has been missed already. */
const FIRST_LOOK = DAY;
/** At most: Twilio's list of a longer time could not be read in one run, and the operator has been told by then. */
const LONGEST_LOOK = 7 * DAY;

/** Words that have not come so long after their recording do not come by themselves any more. */
export const TRANSCRIBED_WITHIN = 120;
/** How long a recording that was given up is fetched again, once a day. */
export const FETCHED_AGAIN_FOR = 3 * DAY;

/**
 * The moment from which on Twilio is asked what there was.
 *
 * @param lastDone when the last run began that found everything; `null` where there was none.
 */
export function lookBackTo(now: Date, lastDone: Date | null): Date {
  const seconds = lastDone === null ? FIRST_LOOK : (now.getTime() - lastDone.getTime()) / 1000 + OVERLAP;
  return new Date(now.getTime() - Math.min(LONGEST_LOOK, seconds) * 1000);
}
