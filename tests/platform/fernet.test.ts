/** Tokens of the system before this one, against the specification's vectors and the library that made them. */
import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { FernetError, openFernet } from '@/lib/platform/fernet';
import { secretOf } from '@/lib/platform/keys';

type Vector = {
  readonly desc?: string;
  readonly token: string;
  readonly now: string;
  readonly ttl_sec: number;
  readonly src?: string;
  readonly secret: string;
};
const vectors = (name: string): readonly Vector[] => JSON.parse(readFileSync(`tests/data/fernet/${name}.json`, 'utf8'));
const age = ({ now, ttl_sec }: Vector) => ({ at: new Date(now), seconds: ttl_sec });
const [good] = vectors('verify');
if (!good) throw new Error('no vector');

test('the specification’s token opens, whatever other keys there are', () => {
  const other = randomBytes(32);
  expect(openFernet(good.token, [secretOf(good.secret)], age(good))).toBe(good.src);
  expect(openFernet(good.token, [other, secretOf(good.secret)])).toBe(good.src);
  expect(() => openFernet(good.token, [other])).toThrow(FernetError);
  expect(() => openFernet(good.token, [])).toThrow(FernetError);
});

test('all eight invalid vectors are there', () => expect(vectors('invalid')).toHaveLength(8));

test.each(vectors('invalid'))('a token with $desc is refused', (vector) => {
  expect(() => openFernet(vector.token, [secretOf(vector.secret)], age(vector))).toThrow(FernetError);
});

test('a token is good in one spelling alone: no bit, no character, no padding more or less', () => {
  const { token, secret } = good;
  for (let at = 0; at < token.length; at += 1) {
    for (const other of ['A', 'B', '_', '=', '+', ' ', '\n']) {
      if (other === token[at]) continue;
      expect(() => openFernet(token.slice(0, at) + other + token.slice(at + 1), [secretOf(secret)])).toThrow(
        FernetError,
      );
      expect(() => openFernet(token.slice(0, at) + other + token.slice(at), [secretOf(secret)])).toThrow(FernetError);
    }
    expect(() => openFernet(token.slice(0, at), [secretOf(secret)])).toThrow(FernetError);
  }
  expect(() => openFernet(token.replace(/=+$/, ''), [secretOf(secret)])).toThrow(FernetError);
});

/** Makes tokens with Python's `cryptography`, from lines of hexadecimal digits. */
const python = `
import sys
from cryptography.fernet import Fernet
key = Fernet.generate_key()
print(key.decode())
for line in sys.stdin:
    print(Fernet(key).encrypt(bytes.fromhex(line)).decode())
`;
const hasPython = (() => {
  try {
    execFileSync('python3', ['-c', 'import cryptography.fernet'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
})();

test.skipIf(!hasPython)('what Python’s cryptography sealed opens, of every length', () => {
  const texts = ['', 'a', 'fifteen letters', 'sixteen letters.', 'Grüße, 你好 🙂', 'x'.repeat(4096)];
  const input = texts.map((text) => `${Buffer.from(text).toString('hex')}\n`).join('');
  const [key = '', ...tokens] = execFileSync('python3', ['-c', python], { input, encoding: 'utf8' }).trim().split('\n');
  expect(tokens.map((token) => openFernet(token, [secretOf(key)], { at: new Date(), seconds: 60 }))).toEqual(texts);
});
