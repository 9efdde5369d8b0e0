/** Where a request came from, as far as it can be believed. */
import { isIP } from 'node:net';
import { env } from '@/lib/platform/env';
import type { Origin } from '@/lib/platform/visit';

/**
 * The address and the browser of a request. Whoever faces the network (scripts/start.mjs, or the host's own edge) puts
 * the address it saw last into `X-Forwarded-For`; each trusted proxy before it moves the client one place to the left.
 */
export function originOf(headers: Headers): Origin {
  const hops = (headers.get('x-forwarded-for') ?? '').split(',').map((hop) => hop.trim());
  const address = hops.at(-1 - env().TRUSTED_PROXY_HOPS) ?? '';
  return {
    ipAddress: isIP(address) ? address : null,
    userAgent: headers.get('user-agent')?.slice(0, 300) ?? null,
  };
}

/**
 * Whether what changes something was sent by a page of ours. Every browser says so on every form; who says nothing is told
 * apart from nobody. Next compares `Origin` with `Host`, which may be forged together; the address we are known by is not.
 */
export const isFromUs = (headers: Headers): boolean => headers.get('origin') === env().APP_URL;
