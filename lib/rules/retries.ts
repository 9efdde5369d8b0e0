/** When a job that failed is tried again. */

/** How often a job is tried in all. With the delays below the last try comes about an hour after the first, at most two. */
export const MOST_ATTEMPTS = 8;

const FIRST_DELAY = 60;

/**
 * Seconds until the next try: a random share of a span that doubles with each failure ("full jitter"), so that jobs that
 * failed together, because Twilio was down, do not all come back together.
 *
 * @param attempts tries so far, at least 1
 * @param random from 0 up to, not including, 1
 */
export function retryDelay(attempts: number, random: number): number {
  return Math.floor(random * FIRST_DELAY * 2 ** (attempts - 1));
}
