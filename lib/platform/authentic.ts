/**
 * Whether what lies in a store was written by us. age says who can read a file, and nothing about who wrote it: whoever
 * knows a public key can make one.
 *
 * A paper is one line of text and one line with its HMAC-SHA-256 (RFC 2104), in hex, under a key that HKDF (RFC 5869)
 * makes of `ENCRYPTION_KEY`: openssl checks it as well as we do (docs/restore.md).
 */
import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto';
import { env } from '@/lib/platform/env';

const keyOf = (secret: string) =>
  Buffer.from(hkdfSync('sha256', Buffer.from(secret, 'base64url'), '', 'aftercallpro paper', 32));
const codeOf = (key: Buffer, line: string) => createHmac('sha256', key).update(`${line}\n`).digest();

/** The two lines for a text without a line break, under the key that seals. */
export const signedPaper = (line: string): string =>
  `${line}\n${codeOf(keyOf(env().ENCRYPTION_KEY[0]), line).toString('hex')}\n`;

/** The text of a paper that was written with any of our keys; `null` for every other. */
export function readSignedPaper(paper: string): string | null {
  const [line = '', code = '', end, ...more] = paper.split('\n');
  if (end !== '' || more.length > 0 || !/^[0-9a-f]{64}$/.test(code)) return null;
  const given = Buffer.from(code, 'hex');
  return env().ENCRYPTION_KEY.some((key) => timingSafeEqual(codeOf(keyOf(key), line), given)) ? line : null;
}
