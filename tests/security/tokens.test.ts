/** What we sign, seal and hash: good as it was made, for what it was made, as long as it was made for. */
import { randomBytes } from 'node:crypto';
import { decode, encode } from 'next-auth/jwt';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { newId } from '@/lib/platform/clock';
import { keyFrom, newEntry } from '@/lib/platform/keys';
import { hashPassword } from '@/lib/platform/password';
import { sessionCookieName, sessionLifetime } from '@/lib/rules/session';
import { type Application, startApplication } from '@/tests/support/application';
import { testDatabase } from '@/tests/support/database';
import { ask, toAction } from '@/tests/support/raw-request';
import { actionsOf } from '@/tests/support/routes';
import { makeBusiness, makePerson, ownerClient } from '@/tests/support/rows';

const { owner: ownerUrl } = await testDatabase();
const owner = ownerClient(ownerUrl);
const password = 'nine grey herons';
const secret = process.env.SECRET_KEY ?? '';

let app: Application;
let boss: Awaited<ReturnType<typeof makePerson>>;
beforeAll(async () => {
  const { id } = await makeBusiness(owner);
  const member = { businessId: id, role: 'business_owner' as const };
  boss = await makePerson(owner, { member, passwordHash: await hashPassword(password) });
  app = await startApplication();
});
afterAll(async () => {
  await app.stop();
  await owner.$disconnect();
});

/** Whether a cookie of this value opens the account. */
const opens = async (value: string) =>
  (await ask(`${app.url}/account`, { headers: { cookie: `${sessionCookieName(app.url)}=${value}` } })).status === 200;
const cookieOf = (sid: string) => encode({ token: { sid }, secret, maxAge: sessionLifetime });
const base64 = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');

async function signIn(cookie = '') {
  const action = actionsOf().find(({ name }) => name === 'signIn');
  const form = await toAction({ email: boss.email, password, next: '' });
  const headers = { origin: app.url, ...form.headers, 'next-action': action?.id ?? '', ...(cookie && { cookie }) };
  const answer = await ask(`${app.url}/sign-in`, { method: 'POST', headers, body: form.body });
  const line = (answer.headers['set-cookie'] ?? []).find((one) => one.startsWith('aftercallpro.session=')) ?? '';
  await owner.rateLimit.deleteMany();
  return line.slice('aftercallpro.session='.length, line.indexOf(';'));
}

describe('a session cookie', () => {
  test('opens the account of its session', async () => {
    expect(await opens(await cookieOf(boss.sessionId))).toBe(true);
  });

  test('V9.1.1 opens nothing with any one character changed, cut off or added', async () => {
    const value = await cookieOf(boss.sessionId);
    expect(await opens(value)).toBe(true); // and what was good a moment ago lends nothing to what looks like it
    for (let at = 0; at < value.length; at += 7) {
      const other = value[at] === 'A' ? 'B' : 'A';
      // In the last character of a part some bits mean nothing.
      if (value[at] === '.' || value[at + 1] === '.' || at + 1 === value.length) continue;
      expect([at, await opens(value.slice(0, at) + other + value.slice(at + 1))]).toEqual([at, false]);
    }
    for (const changed of [
      value.slice(0, -4),
      `${value}AAAA`,
      value.split('.').slice(0, 4).join('.'),
      value.split('.').toReversed().join('.'),
    ]) {
      expect(await opens(changed)).toBe(false);
    }
  });

  test('V9.1.2 is read in no other form: unsigned, signed where it should be sealed, or sealed in another way', async () => {
    const claims = { sid: boss.sessionId, exp: Math.floor(Date.now() / 1000) + 3600 };
    const made = await cookieOf(boss.sessionId);
    const [, ...rest] = made.split('.');
    const none = base64({ alg: 'none' });
    for (const value of [
      `${none}.${base64(claims)}.`,
      `${none}.${base64(claims)}`,
      `${base64({ alg: 'HS256', typ: 'JWT' })}.${base64(claims)}.${randomBytes(32).toString('base64url')}`,
      `${base64({ alg: 'dir', enc: 'A128GCM' })}.${rest.join('.')}`,
      `${base64({ alg: 'none', enc: 'A256GCM' })}.${rest.join('.')}`,
      `${base64({ alg: 'dir', enc: 'A256GCM', zip: 'DEF' })}.${rest.join('.')}`,
      boss.sessionId,
      base64(claims),
      'undefined',
      'null',
      '%',
      '%E0%A4%A',
    ]) {
      expect([value, await opens(value)]).toEqual([value, false]);
    }
  });

  test('V9.2.1 opens nothing once it is over, though its session goes on', async () => {
    const over = await encode({ token: { sid: boss.sessionId }, secret, maxAge: -60 });
    expect(await opens(over)).toBe(false);
    expect(await opens(await cookieOf(boss.sessionId))).toBe(true);
  });

  test('V9.2.2 is made with a session’s id, and no other token of ours is one', async () => {
    const { id: userId } = boss;
    for (const claims of [
      {},
      { sid: userId },
      { sub: userId },
      { sid: [boss.sessionId] },
      { sid: { not: '' } },
      { sid: `${boss.sessionId} ` },
    ]) {
      expect(await opens(await encode({ token: claims as Record<string, string>, secret, maxAge: 3600 }))).toBe(false);
    }
    // Sealed with the same secret for something else.
    expect(await opens(await encode({ token: { sid: boss.sessionId }, secret, maxAge: 3600, salt: 'csrf' }))).toBe(
      false,
    );
    expect(await opens(await encode({ token: { sid: boss.sessionId }, secret: `${secret}.`, maxAge: 3600 }))).toBe(
      false,
    );
  });

  test('V7.2.3 is sealed under 256 bits, another one each time, and holds an id and nothing of the person', async () => {
    const values: string[] = [];
    for (let n = 0; n < 3; n += 1) values.push(await signIn());
    const ids = new Set<unknown>();
    for (const value of values) {
      const [head = '', , nonce = '', , tag = ''] = value.split('.');
      expect(JSON.parse(Buffer.from(head, 'base64url').toString())).toEqual({ alg: 'dir', enc: 'A256GCM' });
      expect([Buffer.from(nonce, 'base64url').length, Buffer.from(tag, 'base64url').length]).toEqual([12, 16]);
      const claims = await decode({ token: value, secret });
      expect(Object.keys(claims ?? {}).toSorted()).toEqual(['exp', 'iat', 'jti', 'sid']);
      ids.add(claims?.sid);
      // Whoever knows the id, from a log or a backup, has no cookie by it.
      expect(await opens(String(claims?.sid))).toBe(false);
    }
    expect([ids.size, new Set(values).size]).toEqual([3, 3]);
    expect(new Set([await cookieOf(boss.sessionId), await cookieOf(boss.sessionId)]).size).toBe(2);
  });

  test('V7.2.4 is a new one at each sign-in, whatever cookie was there before', async () => {
    const planted = await cookieOf(newId());
    const own = await cookieOf(boss.sessionId);
    for (const before of [planted, own, 'x']) {
      const after = await signIn(`aftercallpro.session=${before}`);
      expect(await opens(after)).toBe(true);
      const claims = await decode({ token: after, secret });
      expect([before, boss.sessionId]).not.toContain(claims?.sid);
    }
    expect(await opens(planted)).toBe(false);
  });
});

test('V11.4.2 a password is hashed with argon2id, 19 MiB and two passes, under a salt of its own', async () => {
  const [one, other] = await Promise.all([hashPassword(password), hashPassword(password)]);
  for (const hash of [one, other])
    expect(hash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/);
  expect(one.split('$')[4]).not.toBe(other.split('$')[4]);
  const { id } = await makePerson(owner);
  for (const hash of [password, '$2b$12$abcdefghijklmnopqrstuv', one.replace('argon2id', 'argon2i')]) {
    await expect(owner.credential.create({ data: { userId: id, passwordHash: hash } })).rejects.toThrow();
  }
});

test('V11.2.2 a new key in front seals from then on, what the old one sealed still opens, and people are still known', async () => {
  const oldKey = process.env.ENCRYPTION_KEY ?? '';
  const newKey = newEntry(keyFrom(oldKey).side === 'a' ? 'b' : 'a');
  const withKeys = async (keys: string) => {
    vi.stubEnv('ENCRYPTION_KEY', keys);
    vi.resetModules();
    return import('@/lib/platform/sealing');
  };
  const row = { id: newId(), email: 'ana@example.com', name: 'Ana' };
  const before = await withKeys(oldKey);
  const sealed = before.seal('User', row);
  const index = before.blindIndex('email', row.email);
  const during = await withKeys(`${newKey},${oldKey}`);
  expect(during.open('User', sealed)).toEqual(row);
  expect(before.isSameIndex(during.blindIndex('email', row.email), index)).toBe(true);
  const again = during.seal('User', row);
  const keyOf = (value: Uint8Array) => Buffer.from(value.subarray(1, 5)).toString('hex');
  expect(keyOf(again.email)).not.toBe(keyOf(sealed.email));
  expect(during.open('User', again)).toEqual(row);
  const without = await withKeys(newKey);
  expect(without.open('User', again)).toEqual(row);
  expect(() => without.open('User', sealed)).toThrow(/needs key/);
});
