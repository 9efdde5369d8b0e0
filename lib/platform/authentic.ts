/**
 * Whether what lies in a store was written by us. age says who can read a file, and nothing about who wrote it: whoever
 * knows a public key can make one.
 *
 * A paper is one line of text and one line with its HMAC-SHA-256 (RFC 2104), in hex, under a key that HKDF (RFC 5869)
 * makes of `ENCRYPTION_KEY`: openssl checks it as well as we do (docs/restore.md).
 */
import { createHmac, timingSafeEqual } from 'node:crypto';
import { keyRing } from '@/lib/platform/keys';

const codeOf = (key: Buffer, line: string) => createHmac('sha256', key).update(`${line}\n`).digest();

/** The two lines for a text without a line break, under the key that seals. */
export const signedPaper = (line: string): string =>
  `${line}\n${codeOf(keyRing().first.paper, line).toString('hex')}\n`;

/** The text of a paper that was written with any of our keys; `null` for every other. */
export function readSignedPaper(paper: string): string | null {
  const [line = '', code = '', end, ...more] = paper.split('\n');
  if (end !== '' || more.length > 0 || !/^[0-9a-f]{64}$/.test(code)) return null;
  const given = Buffer.from(code, 'hex');
  return keyRing().all.some(({ paper: key }) => timingSafeEqual(codeOf(key, line), given)) ? line : null;
}
