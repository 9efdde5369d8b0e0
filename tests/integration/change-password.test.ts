/** Changing a password: only who knows the old one may, and no more guesses than were counted. */
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { changePassword } from '@/lib/accounts/password/change-password';
import type { PersonDesk } from '@/lib/accounts/sessions/prove-password';
import { signIn } from '@/lib/accounts/sign-in/sign-in';
import { database } from '@/lib/platform/db';
import { enterBySession, enterForSignIn } from '@/lib/platform/enter';
import { Refusal, TooMany } from '@/lib/platform/errors';
import { hashPassword } from '@/lib/platform/password';
import { testDatabase } from '@/tests/support/database';
import { makePerson, ownerClient } from '@/tests/support/rows';

const { owner: ownerUrl } = await testDatabase();
const owner = ownerClient(ownerUrl);
const old = 'nine grey herons';
const fresh = 'a lamp above the weir';
const passwordHash = await hashPassword(old);

let networks = 0;
let person: Awaited<ReturnType<typeof makePerson>>;
beforeEach(async () => {
  person = await makePerson(owner, { passwordHash });
});
afterAll(async () => {
  await owner.$disconnect();
  await database().prisma.$disconnect();
  await database().pool.end();
});

/** Each time from a network that nobody has tried from yet. */
const guestDesk = () => {
  const at = new Date();
  const origin = { ipAddress: `10.2.${networks >> 8}.${networks++ & 255}`, userAgent: 'test' };
  return { now: at, origin, deviceId: null, enter: (run) => enterForSignIn(origin, at, run) } satisfies Omit<
    PersonDesk,
    'viewer'
  >;
};
const desk = (): PersonDesk => ({
  ...guestDesk(),
  viewer: { userId: person.id, sessionId: person.sessionId, role: 'user', businessId: null, grantId: null },
});
const refusal = async (change: { current: string; password: string }) => {
  const error = await changePassword(desk(), change).catch((reason: unknown) => reason);
  if (!(error instanceof Refusal)) throw new Error('it was not refused', { cause: error });
  return error;
};
const opens = async (sessionId: string) =>
  (await enterBySession(sessionId, { ipAddress: null, userAgent: null }, new Date(), async () => true)) ?? false;
const trail = async () =>
  (await owner.auditLog.findMany({ where: { userId: person.id }, orderBy: { id: 'asc' } })).map(
    (entry) => entry.action,
  );

test('the new password signs in and the old one does not', async () => {
  await changePassword(desk(), { current: old, password: fresh });
  await expect(signIn(guestDesk(), { email: person.email, password: old })).rejects.toThrow(Refusal);
  await expect(signIn(guestDesk(), { email: person.email, password: fresh })).resolves.toBeDefined();
});

test('V7.4.3 every other session ends at once, and the one that asked stays', async () => {
  const { sessionId: other } = await signIn(guestDesk(), { email: person.email, password: old });
  await changePassword(desk(), { current: old, password: fresh });
  expect(await opens(other)).toBe(false);
  expect(await opens(person.sessionId)).toBe(true);
});

test('nobody else’s password or session is touched', async () => {
  const other = await makePerson(owner, { passwordHash });
  await changePassword(desk(), { current: old, password: fresh });
  expect(await opens(other.sessionId)).toBe(true);
  await expect(signIn(guestDesk(), { email: other.email, password: old })).resolves.toBeDefined();
});

test('the change is in the trail', async () => {
  await changePassword(desk(), { current: old, password: fresh });
  expect(await trail()).toEqual(['password.update']);
});

describe('nothing changes', () => {
  test('V6.2.3 without the old password, and the trail says so', async () => {
    expect((await refusal({ current: 'wrong', password: fresh })).fields).toEqual({
      current: 'This is not your password.',
    });
    expect(await trail()).toEqual(['password.deny']);
    await expect(signIn(guestDesk(), { email: person.email, password: old })).resolves.toBeDefined();
  });

  test('V6.2.1 V6.2.4 V6.2.11 V6.2.12 for a new password against the rules, which costs no try', async () => {
    for (const password of ['short', 'Password1!', person.email, old]) {
      expect(Object.keys((await refusal({ current: old, password })).fields), password).toEqual(['password']);
    }
    const row = await owner.user.findUniqueOrThrow({ where: { id: person.id } });
    expect(row.failedLoginAttempts).toBe(0);
  });

  test('V6.3.1 after five wrong ones, also with the right one, and sign-in is closed with it', async () => {
    for (let tries = 0; tries < 5; tries += 1) await refusal({ current: 'wrong', password: fresh });
    expect((await refusal({ current: old, password: fresh })).message).toMatch(/30 minutes/);
    await expect(signIn(guestDesk(), { email: person.email, password: old })).rejects.toThrow(Refusal);
    expect(await opens(person.sessionId)).toBe(true);
  });
});

test('V6.3.1 V15.4.2 a hundred guesses at once come to five checks', async () => {
  await Promise.allSettled(
    Array.from({ length: 100 }, (_, n) => changePassword(desk(), { current: `guess ${n}`, password: fresh })),
  );
  const checked = await owner.auditLog.count({
    where: { userId: person.id, action: 'password.deny', details: { path: ['reason'], equals: 'wrong' } },
  });
  expect(checked).toBeLessThanOrEqual(5);
});

test('one network tries five times a minute', async () => {
  const one = desk();
  const tries = await Promise.allSettled(
    Array.from({ length: 8 }, () => changePassword(one, { current: 'wrong', password: fresh })),
  );
  expect(tries.filter((result) => result.status === 'rejected' && result.reason instanceof TooMany)).toHaveLength(3);
});

test('V8.2.3 no role but the one that checks passwords can write one', async () => {
  for (const role of ['app_viewer', 'app_admin']) {
    const write = database().prisma.$transaction(async (tx) => {
      await tx.$executeRawUnsafe(`SET LOCAL ROLE ${role}`);
      await tx.credential.updateMany({ data: { passwordHash } });
    });
    await expect(write, role).rejects.toThrow(/permission denied/);
  }
});
