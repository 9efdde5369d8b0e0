/** What the doors do about somebody who asks too often: count, write it down once, and say how long to wait. */
import type { GuestDesk } from '@/lib/accounts/sign-in/sign-in';
import { TooMany, Uncounted } from '@/lib/platform/errors';
import { countTry, networkOf } from '@/lib/platform/rate-limit';
import type { AuditEntry } from '@/lib/platform/visit';
import { anonymousRequests, inWords, type Limit, recordedRefusals, signedInRequests } from '@/lib/rules/limits';

type Record = (entry: AuditEntry) => Promise<void>;

/**
 * Counts a request of somebody who is signed in, whatever session it came with.
 *
 * @param record writes an entry to the trail, in a transaction of its own.
 * @throws TooMany, or Uncounted.
 */
export const countPerson = (userId: string, record: Record): Promise<void> => count([signedInRequests], userId, record);

/**
 * Counts a request of somebody who is not signed in and wants work done, by their network.
 *
 * @throws TooMany, or Uncounted.
 */
export const countGuest = ({ origin, enter }: GuestDesk): Promise<void> =>
  count(anonymousRequests, networkOf(origin.ipAddress), (entry) => enter(async (visit) => visit.record(entry)));

async function count(limits: readonly Limit[], subject: string, record: Record): Promise<void> {
  for (const limit of limits) {
    try {
      await countTry(limit, subject);
    } catch (error) {
      if (error instanceof TooMany) await recordOnce(limit, subject, record);
      throw error;
    }
  }
}

/** Somebody who goes on asking must not fill the trail. */
async function recordOnce(limit: Limit, subject: string, record: Record): Promise<void> {
  try {
    await countTry(recordedRefusals, `${limit.name} ${subject}`);
  } catch (error) {
    if (error instanceof TooMany) return;
    throw error;
  }
  const details = { reason: 'too many' };
  await record({ action: 'access.deny', resourceType: 'limit', resourceId: limit.name, details });
}

/** The sentence for somebody who has to wait. `seconds` as in `TooMany`. */
export const waitSentence = (seconds: number): string =>
  `That was too often. Wait ${inWords(seconds)}, then try again.`;

/**
 * The plain answer of a handler, where a limit refused: 429, or 503 where nobody could count, both with `Retry-After`.
 *
 * @throws whatever else the error is.
 */
export function refusalResponse(error: unknown): Response {
  if (error instanceof TooMany) return answer(429, waitSentence(error.retryAfter), error.retryAfter);
  if (error instanceof Uncounted) return answer(503, error.message, 60);
  throw error;
}

const answer = (status: number, text: string, retryAfter: number) =>
  new Response(`${text}\n`, {
    status,
    headers: {
      'Content-Type': 'text/plain; charset=utf-8',
      'Cache-Control': 'no-store',
      'Retry-After': String(retryAfter),
    },
  });
