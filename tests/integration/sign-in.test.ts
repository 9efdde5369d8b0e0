/** Signing in: one answer for whatever was wrong, and no more guesses than were counted. */
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { type GuestDesk, signIn } from '@/lib/accounts/sign-in/sign-in';
import { signOut } from '@/lib/accounts/sign-in/sign-out';
import { newId } from '@/lib/platform/clock';
import { database } from '@/lib/platform/db';
import { enterBySession, enterForSignIn } from '@/lib/platform/enter';
import { Refusal, TooMany } from '@/lib/platform/errors';
import { hashPassword } from '@/lib/platform/password';
import { networkOf } from '@/lib/platform/rate-limit';
import { blindIndex, indexWords } from '@/lib/platform/sealing';
import { solvedCaptcha } from '@/tests/support/captcha';
import { testDatabase } from '@/tests/support/database';
import { makeBusiness, makePerson, ownerClient } from '@/tests/support/rows';

const { owner: ownerUrl } = await testDatabase();
const owner = ownerClient(ownerUrl);
const password = 'correct horse battery staple';
const passwordHash = await hashPassword(password);
const noon = new Date('2026-03-02T12:00:00Z');
const later = (minutes: number) => new Date(noon.getTime() + minutes * 60_000);

let addresses = 0;
/** A desk in front of a network that nobody has tried from yet, unless one is given. */
const desk = (now = noon, ipAddress = `10.1.${(addresses >> 8) & 255}.${addresses++ & 255}`): GuestDesk => {
  const origin = { ipAddress, userAgent: 'test' };
  return { now, origin, deviceId: null, enter: (run) => enterForSignIn(origin, now, run) };
};
const attempt = async (email: string, guess: string, at = desk()) =>
  signIn(at, { email, password: guess, captcha: await solvedCaptcha() });

let person: Awaited<ReturnType<typeof makePerson>>;
beforeEach(async () => {
  person = await makePerson(owner, { passwordHash });
});
afterAll(async () => {
  await owner.$disconnect();
  await database().prisma.$disconnect();
  await database().pool.end();
});

const row = () => owner.user.findUniqueOrThrow({ where: { id: person.id } });

describe('the right password', () => {
  test('V7.3.1 V7.3.2 begins a session that ends an hour after its last use and twelve hours after its first', async () => {
    const { sessionId } = await attempt(person.email, password);
    const session = await owner.session.findUniqueOrThrow({ where: { id: sessionId } });
    expect(session).toMatchObject({
      userId: person.id,
      idleSeconds: 3600,
      expiresAt: later(12 * 60),
      userAgent: 'test',
    });
    expect(await row()).toMatchObject({ failedLoginAttempts: 0, accountLockedUntil: null, lastLogin: noon });
  });

  test('V6.2.8 is compared as typed: not trimmed, not folded, not cut off, but for the two ways to write one letter', async () => {
    const long = `${'é'.repeat(70)}A 1!`;
    const other = await makePerson(owner, { passwordHash: await hashPassword(long) });
    await expect(attempt(other.email, long.normalize('NFD'))).resolves.toBeDefined();
    for (const wrong of [`${long} `, long.toLowerCase(), long.slice(0, 72)]) {
      await expect(attempt(other.email, wrong)).rejects.toThrow(Refusal);
    }
  });

  test('opens the business the person belongs to', async () => {
    const business = await makeBusiness(owner);
    const member = await makePerson(owner, { passwordHash, member: { businessId: business.id, role: 'staff' } });
    const { sessionId } = await attempt(member.email, password);
    const viewer = await enterBySession(
      sessionId,
      { ipAddress: null, userAgent: null },
      noon,
      async (visit) => visit.viewer,
    );
    expect(viewer).toMatchObject({ role: 'staff', businessId: business.id });
  });
});

describe('five failures', () => {
  const fail = async (times: number, email: string, at = noon) => {
    for (let n = 0; n < times; n += 1) await expect(attempt(email, 'wrong', desk(at))).rejects.toThrow(Refusal);
  };

  test('V6.3.1 close an account for thirty minutes, also to the right password, and end no session', async () => {
    await fail(5, person.email);
    await expect(attempt(person.email, password, desk(later(29)))).rejects.toThrow(Refusal);
    const origin = { ipAddress: null, userAgent: null };
    expect(await enterBySession(person.sessionId, origin, new Date(), async () => 'in')).toBe('in');
    await expect(attempt(person.email, password, desk(later(30)))).resolves.toBeDefined();
  });

  test('of which the last was right close nothing', async () => {
    await fail(4, person.email);
    await expect(attempt(person.email, password)).resolves.toBeDefined();
    expect(await row()).toMatchObject({ failedLoginAttempts: 0, accountLockedUntil: null });
  });

  test('begin to count again after the lock', async () => {
    await fail(5, person.email);
    await fail(4, person.email, later(31));
    await expect(attempt(person.email, password, desk(later(32)))).resolves.toBeDefined();
  });

  test('V6.3.8 close an address that nobody has, in the same words', async () => {
    const nobody = `${newId()}@example.com`;
    await fail(5, nobody);
    const locked = await owner.unknownSignIn.findUniqueOrThrow({
      where: { emailIndex: blindIndex('email', nobody).a },
    });
    expect(locked).toMatchObject({ failedLoginAttempts: 5, accountLockedUntil: later(30) });
    const [unknown, known] = await Promise.all(
      [nobody, person.email].map((email) => attempt(email, 'wrong').catch((error: Error) => error.message)),
    );
    expect(unknown).toBe(known);
  });

  test('V6.3.1 V15.4.2 are all that a hundred guesses at once come to', async () => {
    const guesses = Array.from({ length: 100 }, (_, n) => attempt(person.email, `guess ${n}`));
    await Promise.allSettled(guesses);
    const checked = await owner.auditLog.count({ where: { userId: person.id, action: 'session.deny' } });
    expect(checked).toBeLessThanOrEqual(5);
    expect((await row()).failedLoginAttempts).toBeLessThanOrEqual(5);
  });
});

describe('the limiter', () => {
  test('V6.3.1 V2.4.1 lets one network try one account five times a minute', async () => {
    const network = desk().origin.ipAddress ?? '';
    const tries = await Promise.allSettled(
      Array.from({ length: 20 }, () => attempt(person.email, 'wrong', desk(noon, network))),
    );
    const limited = tries.filter((result) => result.status === 'rejected' && result.reason instanceof TooMany);
    expect(limited).toHaveLength(15);
    const refused = { action: 'session.deny', details: { path: ['reason'], equals: 'limited' } };
    expect(await owner.auditLog.count({ where: refused })).toBeGreaterThanOrEqual(15);
  });

  test('counts an IPv6 network as one, however many addresses it has', () => {
    expect(networkOf('2001:db8:0:1::1')).toBe(networkOf('2001:0db8:0000:0001:ffff::2'));
    expect(networkOf('2001:db8:0:1::1')).not.toBe(networkOf('2001:db8:0:2::1'));
    expect(networkOf('::ffff:192.0.2.7')).toBe('192.0.2.7');
    expect(networkOf('::1')).toBe('0:0:0:0::/64');
  });
});

describe('the trail', () => {
  test('V16.2.5 V16.3.1 of a failure holds the index of what was typed, and never the text', async () => {
    const typed = `${newId()}@typed.example`;
    await expect(attempt(typed, 'a password typed by mistake')).rejects.toThrow(Refusal);
    const index = indexWords(blindIndex('email', typed));
    const entries = await owner.auditLog.findMany({ where: { details: { path: ['emailIndex'], equals: index } } });
    expect(entries).toMatchObject([{ action: 'session.deny', userId: null, businessId: null }]);
    expect(JSON.stringify(entries)).not.toMatch(/typed/);
  });

  test('V16.3.1 has an entry for every sign-in and sign-out', async () => {
    const { sessionId } = await attempt(person.email, password);
    const origin = { ipAddress: '192.0.2.1', userAgent: null };
    await enterBySession(sessionId, origin, noon, signOut);
    const entries = await owner.auditLog.findMany({ where: { resourceId: sessionId }, orderBy: { id: 'asc' } });
    expect(entries.map(({ action }) => action)).toEqual(['session.create', 'session.revoke']);
    expect(await enterBySession(sessionId, origin, noon, async () => 'in')).toBeNull();
  });
});
