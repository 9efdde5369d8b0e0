/** Somebody new: an account comes to be when its mail was read, and nobody learns from it who has one already. */
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { hash } from '@node-rs/argon2';
import pg from 'pg';
import { afterAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { type GuestDesk, signIn } from '@/lib/accounts/sign-in/sign-in';
import { confirmEmail, readConfirmation } from '@/lib/accounts/sign-up/confirm-email';
import { resendConfirmation, signUp } from '@/lib/accounts/sign-up/sign-up';
import { sweep } from '@/lib/jobs/run-jobs';
import { newId } from '@/lib/platform/clock';
import { database } from '@/lib/platform/db';
import { enterForSignIn } from '@/lib/platform/enter';
import { Refusal, TooMany } from '@/lib/platform/errors';
import { readOutbox } from '@/lib/platform/mail';
import { hashPassword, isPassword } from '@/lib/platform/password';
import { blindIndex, hasIndex, indexColumns, open } from '@/lib/platform/sealing';
import { triesPerAccount } from '@/lib/rules/lockout';
import { confirmHours, signUpMails } from '@/lib/rules/sign-up';
import { solvedCaptcha } from '@/tests/support/captcha';
import { testDatabase } from '@/tests/support/database';
import { makePerson, ownerClient } from '@/tests/support/rows';

vi.mock('@node-rs/argon2', async (load) => {
  const real = await load<typeof import('@node-rs/argon2')>();
  return { ...real, hash: vi.fn(real.hash) };
});

const { owner: ownerUrl } = await testDatabase();
const owner = ownerClient(ownerUrl);
process.chdir(mkdtempSync(path.join(tmpdir(), 'aftercallpro-')));
const password = 'a lamp above the weir';

const nowhere = { ipAddress: null, userAgent: 'test' };
const desk = (at = new Date()): GuestDesk => ({
  now: at,
  origin: nowhere,
  deviceId: null,
  enter: (run) => enterForSignIn(nowhere, at, run),
});
const inHours = (hours: number) => new Date(Date.now() + hours * 3_600_000);

let email: string;
beforeEach(async () => {
  await owner.job.deleteMany();
  email = `${newId()}@example.com`;
});
afterAll(async () => {
  await owner.$disconnect();
  await database().prisma.$disconnect();
  await database().pool.end();
});

const form = async (more: Partial<Parameters<typeof signUp>[1]> = {}) => ({
  email,
  name: 'Ines Duarte',
  password,
  business: { name: 'Harbour Dental', zone: 'Europe/Lisbon' },
  captcha: await solvedCaptcha(),
  ...more,
});
const mails = async (to = email) => {
  await sweep();
  return (await readOutbox()).filter((mail) => mail.to === to);
};
const tokenIn = (text: string | undefined) => /\/confirm-email\?token=([\w-]+)/.exec(text ?? '')?.[1] ?? '';
const signedUp = async (more: Parameters<typeof form>[0] = {}) => {
  await signUp(desk(), await form(more));
  return tokenIn((await mails(more?.email))[0]?.text);
};
const account = (of = email) =>
  owner.user.findUnique({
    where: { emailIndex: blindIndex('email', of).a },
    include: { credential: true, memberships: { include: { business: true } } },
  });
const signsIn = () =>
  signIn(desk(), { email, password }).then(
    () => true,
    () => false,
  );

describe('an owner who signs up', () => {
  test('V2.3.1 has no account, no business and no way in before the mail was read', async () => {
    const before = await owner.business.count();
    const token = await signedUp();
    expect(token).not.toBe('');
    expect(await account()).toBeNull();
    expect(await owner.business.count()).toBe(before);
    expect(await signsIn()).toBe(false);
  });

  test('has an account and a business of their own after it, with its entries in the trail', async () => {
    const token = await signedUp();
    expect(await readConfirmation(desk(), { token })).toEqual({ works: true });
    const { sessionId, role } = await confirmEmail(desk(), { token, password });
    expect(role).toBe('business_owner');

    const user = await account();
    if (!user) throw new Error('no account');
    expect(open('User', user)).toMatchObject({ email, name: 'Ines Duarte' });
    expect(user).toMatchObject({ role: 'user', dataProcessingConsent: true, marketingConsent: false });
    expect(user.consentDate).not.toBeNull();
    expect(await isPassword(password, user.credential?.passwordHash ?? null)).toBe(true);
    const [membership] = user.memberships;
    expect(membership).toMatchObject({
      role: 'business_owner',
      business: { name: 'Harbour Dental', zone: 'Europe/Lisbon', tier: 'free', monthlyMinutesLimit: 30 },
    });
    expect(membership && open('Business', membership.business).contactEmail).toBe(email);
    expect(membership?.business.greeting).toContain('Harbour Dental');
    expect(await owner.session.findUnique({ where: { id: sessionId } })).toMatchObject({
      userId: user.id,
      businessId: membership?.businessId,
      revokedAt: null,
    });
    const entries = await owner.auditLog.findMany({ where: { userId: user.id }, orderBy: { id: 'asc' } });
    expect(entries.map(({ action, businessId }) => [action, businessId])).toEqual([
      ['user.create', null],
      ['business.create', membership?.businessId],
      ['membership.create', membership?.businessId],
      ['session.create', membership?.businessId],
    ]);
    expect(await signsIn()).toBe(true);
    expect(await owner.signUp.count({ where: hasIndex('emailIndex', blindIndex('email', email)) })).toBe(0);
  });

  test('is not refused for the guesses that others made at the address before', async () => {
    await owner.unknownSignIn.create({
      data: {
        ...indexColumns('emailIndex', blindIndex('email', email)),
        failedLoginAttempts: 5,
        accountLockedUntil: inHours(1),
        updatedAt: new Date(),
      },
    });
    await confirmEmail(desk(), { token: await signedUp(), password });
    expect(await signsIn()).toBe(true);
  });
});

test('somebody without a business gets an account and none', async () => {
  await confirmEmail(desk(), { token: await signedUp({ business: null }), password });
  expect((await account())?.memberships).toEqual([]);
  expect(await signsIn()).toBe(true);
});

describe('the link', () => {
  test('V6.4.1 works once, of ten times at the same moment', async () => {
    const token = await signedUp();
    const outcomes = await Promise.allSettled(
      Array.from({ length: 10 }, () => confirmEmail(desk(), { token, password })),
    );
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect((await account())?.memberships).toHaveLength(1);
    expect(await readConfirmation(desk(), { token })).toEqual({ works: false });
  });

  test('V6.4.1 works for a day, and its sign-up is forgotten after that', async () => {
    const token = await signedUp();
    expect(await readConfirmation(desk(inHours(confirmHours - 0.1)), { token })).toEqual({ works: true });
    await expect(confirmEmail(desk(inHours(confirmHours)), { token, password })).rejects.toThrow(Refusal);
    expect(await account()).toBeNull();
    const index = blindIndex('email', email);
    await owner.signUp.updateMany({
      where: hasIndex('emailIndex', index),
      data: { createdAt: inHours(-25), expiresAt: inHours(-1) },
    });
    await signUp(desk(), await form({ email: `${newId()}@example.com` }));
    expect(await owner.signUp.count({ where: hasIndex('emailIndex', index) })).toBe(0);
  });

  test('V6.4.1 is kept as a hash, says nothing about anybody, and is none when it is made up', async () => {
    const token = await signedUp();
    expect(token).toMatch(/^[\w-]{43}$/);
    expect(JSON.stringify(await owner.oneTimeToken.findMany())).not.toContain(token);
    for (const made of ['', 'x', token.slice(1), `${token}x`])
      await expect(confirmEmail(desk(), { token: made, password })).rejects.toThrow(Refusal);
  });

  test('V6.4.1 of an address that got its account by another link in between makes no second one', async () => {
    const first = await signedUp();
    const [, second] = [await signUp(desk(), await form()), tokenIn((await mails())[0]?.text)];
    const tokens = new Set([first, second]);
    const outcomes = await Promise.allSettled([...tokens].map((token) => confirmEmail(desk(), { token, password })));
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect((await account())?.memberships).toHaveLength(1);
  });
});

test('V6.4.1 the link alone makes no account: it takes the password of whoever signed up', async () => {
  const token = await signedUp();
  for (const wrong of ['a lamp above the wei', '', 'nine grey herons'])
    await expect(confirmEmail(desk(), { token, password: wrong })).rejects.toMatchObject({
      fields: { password: expect.stringContaining('not the password that was typed') },
    });
  expect(await account()).toBeNull();
  await confirmEmail(desk(), { token, password });
  expect(await account()).not.toBeNull();
});

test('V16.3.2 a password that is guessed too often at a link is refused, and the trail says so', async () => {
  const token = await signedUp();
  const refused = { action: 'sign_up.deny', details: { path: ['reason'], equals: 'limited' } };
  const before = await owner.auditLog.count({ where: refused });
  for (let tries = 0; tries < triesPerAccount.tries; tries += 1)
    await expect(confirmEmail(desk(), { token, password: 'a guess' })).rejects.toThrow(Refusal);
  await expect(confirmEmail(desk(), { token, password })).rejects.toThrow(TooMany);
  expect(await owner.auditLog.count({ where: refused })).toBe(before + 1);
});

describe('an address that has an account already', () => {
  const known = async () =>
    (await makePerson(owner, { passwordHash: await hashPassword('nine grey herons'), email })).id;

  test('V6.3.8 gets a mail that says so, and nothing about the account changes', async () => {
    const id = await known();
    const before = await account();
    await signUp(desk(), await form());
    expect((await mails()).map(({ subject, text }) => [subject, tokenIn(text)])).toEqual([
      ['You have an AfterCallPro account already', ''],
    ]);
    expect(await account()).toEqual(before);
    expect((await account())?.id).toBe(id);
    expect(await owner.signUp.count({ where: hasIndex('emailIndex', blindIndex('email', email)) })).toBe(0);
  });

  test('V6.3.8 takes the same answer, one hash, and the same statements as one that has none', async () => {
    const work = async (to: string) => {
      const sent = await form({ email: to });
      vi.mocked(hash).mockClear();
      const query = vi.spyOn(pg.Client.prototype, 'query');
      const answer = await signUp(desk(), sent);
      const statements = query.mock.calls.length;
      query.mockRestore();
      return { answer, hashes: vi.mocked(hash).mock.calls.length, statements };
    };
    await work(`${newId()}@example.com`);
    await known();
    const [there, notThere] = [await work(email), await work(`${newId()}@example.com`)];
    expect(there.hashes).toBe(1);
    expect(there.statements).toBeGreaterThan(5);
    expect(there).toEqual(notThere);
  });

  test('V6.4.1 is not confirmed by a link that was sent before it had one', async () => {
    const token = await signedUp();
    await known();
    await expect(confirmEmail(desk(), { token, password })).rejects.toThrow('There is an account');
    expect((await account())?.memberships).toEqual([]);
  });
});

describe('mails', () => {
  test('come again when they are asked for, once a minute, and only where somebody waits', async () => {
    const token = await signedUp();
    for (let times = 0; times < 3; times += 1) await resendConfirmation(desk(inHours(0.1)), { email });
    const found = (await mails()).map(({ text }) => tokenIn(text));
    expect(found).toHaveLength(2);
    expect(new Set(found).size).toBe(2);
    await resendConfirmation(desk(), { email: 'nobody-waits@example.com' });
    expect(await mails('nobody-waits@example.com')).toEqual([]);
    await confirmEmail(desk(), { token, password });
    await resendConfirmation(desk(inHours(0.2)), { email });
    expect(await mails()).toHaveLength(2);
  });

  test('V2.4.1 to one address are few, however often somebody signs up with it, and the answer is the same', async () => {
    for (let times = 0; times < signUpMails.tries + 3; times += 1) await signUp(desk(), await form());
    expect(await mails()).toHaveLength(signUpMails.tries);
  });
});

describe('nothing is written down, mailed or hashed', () => {
  const refused = async (more: Parameters<typeof form>[0]) => {
    const rows = await owner.signUp.count();
    const sent = await form(more);
    vi.mocked(hash).mockClear();
    const error: unknown = await signUp(desk(), sent).catch((reason) => reason);
    expect(vi.mocked(hash)).not.toHaveBeenCalled();
    expect(await owner.signUp.count()).toBe(rows);
    expect(await owner.job.count()).toBe(0);
    if (!(error instanceof Refusal)) throw new Error('it was not refused');
    return Object.keys(error.fields);
  };

  test('V2.4.1 without the check against robots, or with one that was used', async () => {
    const used = await solvedCaptcha();
    await signUp(desk(), await form({ captcha: used }));
    await owner.job.deleteMany();
    for (const captcha of ['', 'nonsense', used]) expect(await refused({ captcha })).toEqual(['captcha']);
  });

  test('V6.2.1 V6.2.4 V6.2.11 V6.2.12 for a password that is short, known, or holds the name or the business', async () => {
    for (const guessed of ['short', 'Ines Duarte 2026!', 'Harbour-Dental-1', 'Password1!'])
      expect(await refused({ password: guessed })).toEqual(['password']);
  });
});

test('whoever is not signed in can make no user, business or membership but by a link', async () => {
  const attempts = [
    `INSERT INTO users (id, email, email_index, email_index_b, name) SELECT gen_random_uuid(), email, email_index, email_index_b, name FROM sign_ups`,
    `INSERT INTO businesses (id, name) VALUES (gen_random_uuid(), 'x')`,
    `INSERT INTO memberships (business_id, user_id, role) SELECT b.id, u.id, 'business_owner' FROM businesses b, users u`,
    'UPDATE sign_ups SET expires_at = now()',
  ];
  for (const statement of attempts)
    await expect(
      desk().enter(({ tx }) => tx.$executeRawUnsafe(statement)),
      statement,
    ).rejects.toThrow(/permission denied/);
});
