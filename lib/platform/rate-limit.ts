/**
 * The limiter: so many tries in so many seconds. It counts where the environment says (Upstash, else Redis, else Postgres),
 * and in Postgres whenever that place does not answer at once. Where nobody can count, the answer is no: a limit that
 * opens when its store is away is a limit that an attacker switches off.
 */
import { createHmac } from 'node:crypto';
import { isIPv6 } from 'node:net';
import { env } from '@/lib/platform/env';
import { TooMany, Uncounted } from '@/lib/platform/errors';
import { type LimitStore, postgresStore, redisStore, upstashStore, type Verdict } from '@/lib/platform/limit-stores';
import { log } from '@/lib/platform/log';
import type { Limit } from '@/lib/rules/limits';

/** Milliseconds in which a store answers, or Postgres does: the two together stay below 300. */
const budget = 150;
/** Milliseconds for which a store that did not answer is left alone. */
const pause = 5_000;
/** Milliseconds for Postgres, the last to be asked. */
const lastBudget = 2_000;
/** Milliseconds for which a store may be away before somebody has to be told. */
const aMoment = 30_000;

// As the pool in db.ts: one, however often a development server evaluates this file.
const kept = globalThis as typeof globalThis & { aftercallproLimiter?: Limiter };

/** Counts wherever it can, and says for how many milliseconds the place that should count has not answered. */
type Limiter = LimitStore & { readonly awayFor: () => number };

/**
 * Counts one try of `subject` (an address, an account); it is stored as a keyed hash.
 *
 * @throws TooMany with the seconds to wait; Uncounted where no store could count.
 */
export async function countTry(limit: Limit, subject: string): Promise<void> {
  kept.aftercallproLimiter ??= limiterOf(env());
  const key = createHmac('sha256', env().SECRET_KEY).update(`${limit.name}\0${subject}`).digest('base64url');
  let verdict: Verdict;
  try {
    verdict = await kept.aftercallproLimiter.count(limit, key);
  } catch (error) {
    log.error({ event: 'limiter.uncounted', kind: limit.name, error });
    throw new Uncounted();
  }
  if (!verdict.passes) throw new TooMany(verdict.seconds);
}

/** Asks the place that should count, and says which one it is where it has been away for longer than so many milliseconds. */
export async function limitStoreAway(longerThan = aMoment): Promise<LimitStore['name'] | null> {
  kept.aftercallproLimiter ??= limiterOf(env());
  const limiter = kept.aftercallproLimiter;
  await limiter.count({ name: 'look', tries: 1, seconds: 60 }, 'look');
  return limiter.awayFor() > longerThan ? limiter.name : null;
}

type Places = Pick<ReturnType<typeof env>, 'UPSTASH_REDIS_REST_URL' | 'UPSTASH_REDIS_REST_TOKEN' | 'REDIS_URL'>;

/** The limiter that the environment asks for. */
export function limiterOf({
  UPSTASH_REDIS_REST_URL: url,
  UPSTASH_REDIS_REST_TOKEN: token,
  REDIS_URL,
}: Places): Limiter {
  const postgres = inTime(lastBudget, postgresStore());
  if (url && token) return orElse(upstashStore(url, token, budget), postgres);
  if (REDIS_URL) return orElse(redisStore(REDIS_URL, budget), postgres);
  return { ...postgres, awayFor: () => 0 };
}

/**
 * Counts in `store`, and in `postgres` where that fails or is slow. What was counted in the one is unknown to the other,
 * so that a change of place may let a limit through twice; never more.
 */
export function orElse(store: LimitStore, postgres: LimitStore): Limiter {
  const prompt = inTime(budget, store);
  let awaySince: number | null = null;
  let askAgainAt = 0;
  return {
    name: store.name,
    awayFor: () => (awaySince === null ? 0 : performance.now() - awaySince),
    async count(limit, key) {
      if (performance.now() < askAgainAt) return postgres.count(limit, key);
      try {
        const verdict = await prompt.count(limit, key);
        if (awaySince !== null) log.info({ event: 'limiter.store_back', kind: store.name });
        awaySince = null;
        return verdict;
      } catch (error) {
        askAgainAt = performance.now() + pause;
        // Once for each time it goes, however many requests notice.
        if (awaySince === null)
          log.warn({ event: 'limiter.store_away', kind: store.name, error }, 'Postgres counts in its place.');
        awaySince ??= performance.now();
        return postgres.count(limit, key);
      }
    },
  };
}

/** A store whose silence is a failure. */
function inTime(milliseconds: number, { name, count }: LimitStore): LimitStore {
  return {
    name,
    async count(limit, key) {
      let timer: NodeJS.Timeout | undefined;
      const late = new Promise<never>((_resolve, reject) => {
        timer = setTimeout(() => reject(new Error('the store did not answer in time')), milliseconds);
      });
      try {
        return await Promise.race([count(limit, key), late]);
      } finally {
        clearTimeout(timer);
      }
    },
  };
}

/** A network as it is stored: a keyed hash, from which nobody reads where somebody was. */
export const networkIndex = (ipAddress: string | null): string =>
  createHmac('sha256', env().SECRET_KEY)
    .update(`network\0${networkOf(ipAddress)}`)
    .digest('hex');

/** One house, one subject: an IPv6 client has a /64 to itself, so that is what is counted (RFC 6177). */
export function networkOf(ipAddress: string | null): string {
  if (!ipAddress) return 'unknown';
  if (!isIPv6(ipAddress)) return ipAddress;
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(ipAddress)?.[1];
  if (mapped) return mapped;
  const [head = '', tail] = ipAddress.split('%')[0]?.toLowerCase().split('::') ?? [];
  const left = head === '' ? [] : head.split(':');
  const right = tail === undefined || tail === '' ? [] : tail.split(':');
  const missing = tail === undefined ? 0 : 8 - left.length - right.length;
  const groups = [...left, ...Array<string>(missing).fill('0'), ...right];
  return `${groups
    .slice(0, 4)
    .map((group) => group.replace(/^0+(?=.)/, ''))
    .join(':')}::/64`;
}
