/** Whoever tries to sign in cannot tell, by how much work it was, whether an address has an account. */
import { verify } from '@node-rs/argon2';
import pg from 'pg';
import { afterAll, beforeEach, expect, test, vi } from 'vitest';
import { type GuestDesk, signIn } from '@/lib/accounts/sign-in/sign-in';
import { newId } from '@/lib/platform/clock';
import { database } from '@/lib/platform/db';
import { enterForSignIn } from '@/lib/platform/enter';
import { hashPassword, isPassword } from '@/lib/platform/password';
import { solvedCaptcha } from '@/tests/support/captcha';
import { testDatabase } from '@/tests/support/database';
import { makePerson, ownerClient } from '@/tests/support/rows';

vi.mock('@node-rs/argon2', async (load) => {
  const real = await load<typeof import('@node-rs/argon2')>();
  return { ...real, verify: vi.fn(real.verify) };
});

const { owner: ownerUrl } = await testDatabase();
const owner = ownerClient(ownerUrl);
const passwordHash = await hashPassword('nine grey herons');

let networks = 0;
const desk = (): GuestDesk => {
  const at = new Date();
  const origin = { ipAddress: `10.5.0.${networks++}`, userAgent: 'test' };
  return { now: at, origin, deviceId: newId(), enter: (run) => enterForSignIn(origin, at, run) };
};

/** How many hashes and how many statements a wrong password takes. */
async function work(email: string, isChecked = true) {
  const captcha = isChecked ? await solvedCaptcha() : '';
  vi.mocked(verify).mockClear();
  const query = vi.spyOn(pg.Client.prototype, 'query');
  await signIn(desk(), { email, password: 'wrong', captcha }).catch(() => {});
  const statements = query.mock.calls.length;
  query.mockRestore();
  return { hashes: vi.mocked(verify).mock.calls.length, statements };
}

let known: string;
let unknown: string;
beforeEach(async () => {
  known = (await makePerson(owner, { passwordHash })).email;
  unknown = `${newId()}@example.com`;
  await isPassword('a first one', null); // the hash of nobody's password is made once
});
afterAll(async () => {
  await owner.$disconnect();
  await database().prisma.$disconnect();
  await database().pool.end();
});

test('V6.3.8 a wrong password takes one hash and as many statements for an address with and without an account', async () => {
  await work(known);
  await work(unknown); // the first time of an address makes its row
  const [there, notThere] = [await work(known), await work(unknown)];
  expect(there.hashes).toBe(1);
  expect(there.statements).toBeGreaterThan(5);
  expect(notThere).toEqual(there);
});

test('V6.3.8 so does the one that closes it, and every one after that', async () => {
  for (let tries = 0; tries < 4; tries += 1) {
    await work(known);
    await work(unknown);
  }
  for (const what of ['closes', 'is closed']) {
    const [there, notThere] = [await work(known), await work(unknown)];
    expect(there.hashes, what).toBe(1);
    expect(notThere, what).toEqual(there);
  }
});

test('V6.3.8 so does one that comes without the check against robots, and no password is looked at', async () => {
  for (let tries = 0; tries < 2; tries += 1) {
    await work(known, false);
    await work(unknown, false);
  }
  const [there, notThere] = [await work(known, false), await work(unknown, false)];
  expect(there.hashes).toBe(0);
  expect(notThere).toEqual(there);
});
