/**
 * The limiter: so many tries in so many seconds, counted in Postgres, where parallel requests cannot pass each other.
 * A store that does not answer is an error for the caller to handle; it never means "allowed".
 */
import { createHmac } from 'node:crypto';
import { isIPv6 } from 'node:net';
import { RateLimiterPostgres, RateLimiterRes } from 'rate-limiter-flexible';
import { database } from '@/lib/platform/db';
import { env } from '@/lib/platform/env';
import { TooMany } from '@/lib/platform/errors';

export type Limit = { readonly name: string; readonly tries: number; readonly seconds: number };

const limiters = new Map<string, RateLimiterPostgres>();

function limiterFor({ name, tries, seconds }: Limit): RateLimiterPostgres {
  let limiter = limiters.get(name);
  if (!limiter) {
    limiter = new RateLimiterPostgres({
      storeClient: database().pool,
      storeType: 'pool',
      tableName: 'rate_limits',
      tableCreated: true,
      keyPrefix: name,
      points: tries,
      duration: seconds,
    });
    limiters.set(name, limiter);
  }
  return limiter;
}

/**
 * Counts one try of `subject` (an address, an account); it is stored as a keyed hash.
 *
 * @throws TooMany with the seconds to wait, or the store's own error where it could not count.
 */
export async function countTry(limit: Limit, subject: string): Promise<void> {
  const key = createHmac('sha256', env().SECRET_KEY).update(`${limit.name}\0${subject}`).digest('base64url');
  try {
    await limiterFor(limit).consume(key);
  } catch (refusal) {
    if (refusal instanceof RateLimiterRes) throw new TooMany(Math.max(1, Math.ceil(refusal.msBeforeNext / 1000)));
    throw refusal;
  }
}

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
