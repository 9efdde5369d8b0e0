/**
 * Where tries can be counted: three stores behind one interface. Each counts a try and judges it in one step, so that
 * parallel tries cannot pass each other. A store that fails throws, or is silent; neither means "passes".
 */
import { Ratelimit } from '@upstash/ratelimit';
import { Redis as UpstashRedis } from '@upstash/redis';
import { Redis } from 'ioredis';
import { type RateLimiterAbstract, RateLimiterPostgres, RateLimiterRedis, RateLimiterRes } from 'rate-limiter-flexible';
import { database } from '@/lib/platform/db';
import type { Limit } from '@/lib/rules/limits';

/** `seconds`: how long to wait, at least 1. */
export type Verdict = { readonly passes: true } | { readonly passes: false; readonly seconds: number };

export type LimitStore = {
  readonly name: 'upstash' | 'redis' | 'postgres';
  readonly count: (limit: Limit, key: string) => Promise<Verdict>;
};

const passes: Verdict = { passes: true };
const waits = (milliseconds: number): Verdict => ({
  passes: false,
  seconds: Math.max(1, Math.ceil(milliseconds / 1000)),
});

/** In the table `rate_limits`. A window begins with the first try. */
export function postgresStore(): LimitStore {
  const limiterFor = remembered(
    ({ name, tries, seconds }) =>
      new RateLimiterPostgres({
        storeClient: database().pool,
        storeType: 'pool',
        tableName: 'rate_limits',
        tableCreated: true,
        keyPrefix: name,
        points: tries,
        duration: seconds,
      }),
  );
  return { name: 'postgres', count: (limit, key) => consume(limiterFor(limit), limit, key) };
}

/**
 * In Redis. A window begins with the first try.
 *
 * @param url as in `REDIS_URL`. @param patience milliseconds to wait for an answer.
 */
export function redisStore(url: string, patience: number): LimitStore {
  const client = new Redis(url, {
    commandTimeout: patience,
    connectTimeout: 2_000,
    // A connection that has gone silent is replaced, not waited for.
    socketTimeout: 2_000,
    // What could not be counted at once is counted elsewhere, and must not be sent later.
    maxRetriesPerRequest: 0,
    retryStrategy: (times) => Math.min(times * 100, 2_000),
  });
  // The try that was not counted reports it; without a listener ioredis would print what it knows of the address.
  client.on('error', () => undefined);
  const limiterFor = remembered(
    ({ name, tries, seconds }) =>
      new RateLimiterRedis({
        storeClient: client,
        keyPrefix: `aftercallpro:limit:${name}`,
        points: tries,
        duration: seconds,
      }),
  );
  return { name: 'redis', count: (limit, key) => consume(limiterFor(limit), limit, key) };
}

/**
 * At Upstash, over HTTPS. The window slides: its own fixed ones begin by the clock, and around midnight would let a day's
 * tries through twice.
 *
 * @param patience milliseconds to wait for an answer.
 */
export function upstashStore(url: string, token: string, patience: number): LimitStore {
  const redis = new UpstashRedis({
    url,
    token,
    retry: false,
    enableTelemetry: false,
    // A function: an aborted signal as such would be answered with a made-up result instead of an error.
    signal: () => AbortSignal.timeout(patience),
  });
  const limiterFor = remembered(
    ({ name, tries, seconds }) =>
      new Ratelimit({
        redis,
        limiter: Ratelimit.slidingWindow(tries, `${seconds} s`),
        prefix: `aftercallpro:limit:${name}`,
        timeout: patience,
        ephemeralCache: false,
      }),
  );
  return {
    name: 'upstash',
    async count(limit, key) {
      const { success, reason, reset } = await limiterFor(limit).limit(key);
      // The library lets a try pass that it could not have counted.
      if (reason === 'timeout') throw new Error('Upstash did not answer in time');
      return success ? passes : waits(reset - Date.now());
    },
  };
}

/** Counts a try with one of rate-limiter-flexible's limiters, which throw their refusals. */
async function consume(limiter: RateLimiterAbstract, { tries }: Limit, key: string): Promise<Verdict> {
  try {
    const { consumedPoints } = await limiter.consume(key);
    // The library compares with "more than", and what is not a number is never more.
    if (!(consumedPoints >= 1 && consumedPoints <= tries)) throw new Error('the store gave no count');
    return passes;
  } catch (refusal) {
    if (refusal instanceof RateLimiterRes) return waits(refusal.msBeforeNext);
    throw refusal;
  }
}

/** One limiter for each limit. */
function remembered<T>(make: (limit: Limit) => T): (limit: Limit) => T {
  const made = new Map<string, T>();
  return (limit) => {
    const found = made.get(limit.name) ?? make(limit);
    made.set(limit.name, found);
    return found;
  };
}
