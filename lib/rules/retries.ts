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

/** Nobody who asks for patience gets more than this, in seconds: the caller's message waits. */
const MOST_PATIENCE = 3_600;

/**
 * Seconds that an answer with `Retry-After` asks us to wait (RFC 9110, section 10.2.3: seconds, or a date); 0 where it
 * says nothing that we understand.
 */
export function secondsAsked(header: string | null, now: Date): number {
  if (header === null) return 0;
  const seconds = /^\d+$/.test(header) ? Number(header) : (Date.parse(header) - now.getTime()) / 1000;
  return Number.isFinite(seconds) ? Math.min(Math.max(0, Math.ceil(seconds)), MOST_PATIENCE) : 0;
}
