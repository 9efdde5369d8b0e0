import { TooMany } from '@/lib/platform/errors';
import { log } from '@/lib/platform/log';
import { countTry } from '@/lib/platform/rate-limit';
import type { Limit } from '@/lib/rules/limits';

/**
 * Counts a try at a secret against its limits, in their order, and writes a refusal down.
 *
 * @param deny writes to the trail, in a transaction of its own.
 * @throws TooMany, Uncounted.
 */
export async function countOrDeny(
  tries: readonly (readonly [limit: Limit, subject: string])[],
  deny: (reason: 'limited' | 'uncounted') => Promise<void>,
): Promise<void> {
  try {
    for (const [limit, subject] of tries) await countTry(limit, subject);
  } catch (error) {
    // Where nobody could count, the trail may be out of reach as well: the answer is no all the same.
    await deny(error instanceof TooMany ? 'limited' : 'uncounted').catch((lost: unknown) =>
      log.error({ event: 'audit.lost', error: lost }),
    );
    throw error;
  }
}
