/** A forgotten password: who reads the mailbox gets in again, and nobody learns who has an account. */
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import pg from 'pg';
import { afterAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { makeLink } from '@/lib/accounts/one-time-token';
import { askForReset } from '@/lib/accounts/password/ask-for-reset';
import { readLink, resetPassword } from '@/lib/accounts/password/reset-password';
import { type GuestDesk, signIn } from '@/lib/accounts/sign-in/sign-in';
import { sweep } from '@/lib/jobs/run-jobs';
import { newId } from '@/lib/platform/clock';
import { database } from '@/lib/platform/db';
import { enterAsSystem, enterBySession, enterForSignIn } from '@/lib/platform/enter';
import { Refusal } from '@/lib/platform/errors';
import { readOutbox } from '@/lib/platform/mail';
import { hashPassword } from '@/lib/platform/password';
import { testDatabase } from '@/tests/support/database';
import { makePerson, ownerClient } from '@/tests/support/rows';

const { owner: ownerUrl } = await testDatabase();
const owner = ownerClient(ownerUrl);
process.chdir(mkdtempSync(path.join(tmpdir(), 'aftercallpro-')));
const old = 'nine grey herons';
const fresh = 'a lamp above the weir';
const passwordHash = await hashPassword(old);
const nowhere = { ipAddress: null, userAgent: null };

let networks = 0;
/** Each time from a network that nobody has tried from yet. */
const desk = (at = new Date(), ipAddress = `10.3.${networks >> 8}.${networks++ & 255}`): GuestDesk => {
  const origin = { ipAddress, userAgent: 'test' };
  return { now: at, origin, deviceId: null, enter: (run) => enterForSignIn(origin, at, run) };
};
const inMinutes = (minutes: number) => new Date(Date.now() + minutes * 60_000);

let person: Awaited<ReturnType<typeof makePerson>>;
beforeEach(async () => {
  await owner.job.deleteMany();
  person = await makePerson(owner, { passwordHash });
});
afterAll(async () => {
  await owner.$disconnect();
  await database().prisma.$disconnect();
  await database().pool.end();
});

const mails = async (email = person.email) => (await readOutbox()).filter(({ to }) => to === email);
const tokenIn = (text: string | undefined) => /\?token=([\w-]+)/.exec(text ?? '')?.[1] ?? '';
/** Asks, and reads the mail. */
async function askedToken(): Promise<string> {
  await askForReset(desk(), { email: person.email });
  await sweep();
  const mail = (await mails()).find(({ text }) => text.includes('/reset-password'));
  return tokenIn(mail?.text);
}
const opens = async (sessionId: string) =>
  (await enterBySession(sessionId, nowhere, new Date(), async () => true)) ?? false;
const signsIn = (password: string) =>
  signIn(desk(), { email: person.email, password }).then(
    () => true,
    () => false,
  );

describe('a link from the mail', () => {
  test('V7.4.3 sets a new password, ends every session and begins none', async () => {
    const token = await askedToken();
    expect(await readLink(desk(), { token })).toEqual({ works: true });
    await resetPassword(desk(), { token, password: fresh });
    expect(await opens(person.sessionId)).toBe(false);
    expect(await owner.session.count({ where: { userId: person.id, revokedAt: null } })).toBe(0);
    expect(await signsIn(old)).toBe(false);
    expect(await signsIn(fresh)).toBe(true);
  });

  test('V6.4.1 works once', async () => {
    const token = await askedToken();
    await resetPassword(desk(), { token, password: fresh });
    expect(await readLink(desk(), { token })).toEqual({ works: false });
    await expect(resetPassword(desk(), { token, password: old })).rejects.toThrow(Refusal);
    expect(await signsIn(fresh)).toBe(true);
  });

  test('V6.4.1 V15.4.2 works once also for twenty who bring it at the same time', async () => {
    const token = await askedToken();
    const tries = await Promise.allSettled(
      Array.from({ length: 20 }, (_, n) => resetPassword(desk(), { token, password: `${fresh} ${n}` })),
    );
    expect(tries.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });

  test('V6.4.1 works for thirty minutes', async () => {
    const token = await askedToken();
    const late = desk(inMinutes(31));
    expect(await readLink(late, { token })).toEqual({ works: false });
    await expect(resetPassword(late, { token, password: fresh })).rejects.toThrow(Refusal);
    await expect(resetPassword(desk(inMinutes(29)), { token, password: fresh })).resolves.toBeUndefined();
  });

  test('lifts a lock', async () => {
    for (let tries = 0; tries < 5; tries += 1) await signsIn('wrong');
    expect(await signsIn(old)).toBe(false);
    await resetPassword(desk(), { token: await askedToken(), password: fresh });
    expect(await signsIn(fresh)).toBe(true);
  });

  test('makes every other link worthless', async () => {
    const link = await enterAsSystem(new Date(), (visit) => makeLink(visit, person.id, 'reset_password'));
    await resetPassword(desk(), { token: await askedToken(), password: fresh });
    expect(await readLink(desk(), { token: tokenIn(link) })).toEqual({ works: false });
  });

  test('V6.2.1 V6.2.4 V6.2.11 V6.2.12 is not used up by a password against the rules', async () => {
    const token = await askedToken();
    for (const password of ['short', 'Password1!', person.email]) {
      await expect(resetPassword(desk(), { token, password })).rejects.toMatchObject({
        fields: { password: expect.any(String) },
      });
    }
    await expect(resetPassword(desk(), { token, password: fresh })).resolves.toBeUndefined();
  });

  test('is told to the owner, and is in the trail', async () => {
    await resetPassword(desk(), { token: await askedToken(), password: fresh });
    await sweep();
    expect((await mails()).map(({ subject }) => subject)).toContain('Your AfterCallPro password was changed');
    const trail = await owner.auditLog.findMany({ where: { userId: person.id }, orderBy: { id: 'asc' } });
    expect(trail.map(({ action }) => action)).toEqual(['password.ask', 'user.read', 'password.reset']);
  });
});

test('V9.2.2 a link for another purpose resets nothing', async () => {
  const link = await enterAsSystem(new Date(), (visit) => makeLink(visit, person.id, 'unlock'));
  await expect(resetPassword(desk(), { token: tokenIn(link), password: fresh })).rejects.toThrow(Refusal);
  expect(await signsIn(old)).toBe(true);
});

test('V6.4.1 a made-up link resets nothing, and the trail says so', async () => {
  const before = await owner.auditLog.count({ where: { action: 'password.deny' } });
  for (const token of ['', 'x', 'A'.repeat(43), person.id]) {
    await expect(resetPassword(desk(), { token, password: fresh })).rejects.toThrow(Refusal);
  }
  expect(await owner.auditLog.count({ where: { action: 'password.deny' } })).toBe(before + 4);
});

test('V6.4.1 neither database nor trail holds anything that would open the link', async () => {
  const token = await askedToken();
  const rows = await owner.$queryRaw<{ text: string }[]>`
    SELECT t::text AS text FROM one_time_tokens t UNION ALL SELECT j::text FROM jobs j UNION ALL SELECT a::text FROM audit_logs a`;
  expect(token).toMatch(/^[\w-]{43}$/);
  expect(rows.length).toBeGreaterThan(2);
  for (const { text } of rows) expect(text).not.toContain(token);
});

test('V4.1.3 the link leads to APP_URL', async () => {
  await askedToken();
  expect((await mails())[0]?.text).toMatch(/^http:\/\/127\.0\.0\.1:3000\/reset-password\?token=[\w-]{43}$/m);
});

describe('whether an address has an account', () => {
  /** The statements that a request sends to the database. */
  async function statements(run: () => Promise<unknown>): Promise<string[]> {
    const sent: string[] = [];
    const query = vi.spyOn(pg.Client.prototype, 'query').mockName('query');
    await run();
    for (const [first] of query.mock.calls as unknown as [string | { text: string }][])
      sent.push(typeof first === 'string' ? first : first.text);
    query.mockRestore();
    return sent;
  }

  test('V6.3.8 does not change what is done for the request, statement by statement', async () => {
    await askForReset(desk(), { email: `${newId()}@example.com` });
    const unknown = await statements(() => askForReset(desk(), { email: `${newId()}@example.com` }));
    const known = await statements(() => askForReset(desk(), { email: person.email }));
    expect(known.length).toBeGreaterThan(4);
    expect(unknown).toEqual(known);
  });

  test('V6.3.8 decides whether a mail is sent, and nothing else', async () => {
    const email = `${newId()}@example.com`;
    await askForReset(desk(), { email });
    await sweep();
    expect(await mails(email)).toEqual([]);
    expect(await owner.job.findMany({ select: { kind: true, lastError: true, deadAt: true } })).toEqual([
      { kind: 'account_mail', lastError: null, deadAt: null },
    ]);
  });
});

test('however often it is asked for, a mailbox gets one mail in five minutes', async () => {
  const at = new Date(Math.ceil(Date.now() / 300_000) * 300_000);
  for (let n = 0; n < 4; n += 1) await askForReset(desk(at), { email: person.email });
  await sweep();
  expect(await mails()).toHaveLength(1);
});

test('V8.2.3 who is signed in, or runs the platform, sees no links', async () => {
  for (const role of ['app_viewer', 'app_admin']) {
    const read = database().prisma.$transaction(async (tx) => {
      await tx.$executeRawUnsafe(`SET LOCAL ROLE ${role}`);
      await tx.oneTimeToken.count();
    });
    await expect(read, role).rejects.toThrow(/permission denied/);
  }
});
