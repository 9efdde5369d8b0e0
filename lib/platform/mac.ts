/** What is known again as ours: HMAC-SHA-256 (RFC 2104), with a key of its own for each purpose (HKDF, RFC 5869). */
import { createHmac, hkdfSync } from 'node:crypto';
import { env } from '@/lib/platform/env';

/** 32 bytes that only `SECRET_KEY` makes of `data`, and only for this purpose. */
export function mac(purpose: string, data: string | Buffer): Buffer {
  const key = hkdfSync('sha256', env().SECRET_KEY, '', `aftercallpro ${purpose}`, 32);
  return createHmac('sha256', Buffer.from(key)).update(data).digest();
}
