/** Codes that change every 30 seconds, against the vectors of the RFCs. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { newTotpSecret, stepOfCode, totpAddress } from '@/lib/platform/totp';

type Vector = Readonly<Record<string, string>>;

/** Blocks of `NAME = value`, an empty line between them. */
const vectorsOf = (name: string): readonly Vector[] =>
  readFileSync(`tests/data/otp/${name}`, 'utf8')
    .split(/\n\s*\n/)
    .map((block) => Object.fromEntries([...block.matchAll(/^(\w+) = (.+)$/gm)].map(([, key, value]) => [key, value])))
    .filter((vector) => 'SECRET' in vector);

/** RFC 4648, for secrets that are text here and base 32 there. */
function base32(text: string): string {
  const bits = [...Buffer.from(text)].map((byte) => byte.toString(2).padStart(8, '0')).join('');
  const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
  return (bits.match(/.{5}/g) ?? []).map((five) => letters[Number.parseInt(five, 2)]).join('');
}

const at = (seconds: number) => new Date(seconds * 1000);

test('the vectors are there', () => {
  expect(vectorsOf('rfc-4226.txt')).toHaveLength(10);
  expect(vectorsOf('rfc-6238.txt')).toHaveLength(18);
});

test.each(vectorsOf('rfc-4226.txt'))(
  'counter $COUNT gives $HOTP, as RFC 4226 says',
  ({ COUNT, HOTP = '', SECRET = '' }) => {
    expect(stepOfCode(base32(SECRET), HOTP, at(Number(COUNT) * 30))).toBe(Number(COUNT));
  },
);

// Eight digits there, six here: the last six are the same.
test.each(vectorsOf('rfc-6238.txt').filter(({ MODE }) => MODE === 'SHA1'))(
  'at $TIME seconds the code ends in that of RFC 6238, $TOTP',
  ({ TIME, TOTP = '', SECRET = '' }) => {
    expect(stepOfCode(base32(SECRET), TOTP.slice(-6), at(Number(TIME)))).toBe(Math.floor(Number(TIME) / 30));
  },
);

test('V6.5.5 a code is good in its own half minute and in one to each side, and at no other time', () => {
  const secret = base32('12345678901234567890');
  const good = [0, 29, 30, 59, 60, 89, 90, 119, 120].filter(
    (seconds) => stepOfCode(secret, '359152', at(seconds)) === 2,
  );
  expect(good).toEqual([30, 59, 60, 89, 90, 119]); // 359152 is the code of step 2, from 60 to 89
});

test('each secret is 160 bits of its own', () => {
  const secrets = new Set(Array.from({ length: 100 }, newTotpSecret));
  expect(secrets.size).toBe(100);
  for (const secret of secrets) expect(secret).toMatch(/^[A-Z2-7]{32}$/);
});

test('what the app reads names us, the account and the secret', () => {
  const { protocol, host, pathname, searchParams } = new URL(totpAddress('GEZDGNBVGY3TQOJQ', 'ana+x@example.com'));
  expect([protocol, host, decodeURIComponent(pathname)]).toEqual([
    'otpauth:',
    'totp',
    '/AfterCallPro:ana+x@example.com',
  ]);
  expect(searchParams.get('secret')).toBe('GEZDGNBVGY3TQOJQ');
  expect(searchParams.get('issuer')).toBe('AfterCallPro');
});
