/** A change of address takes the new mailbox; the old one can take it back; a name is one's own. */
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { askForEmailChange, changeEmail, keepEmail, readChangeLink, readKeepLink } from '@/lib/accounts/change-email';
import { changeName } from '@/lib/accounts/change-name';
import type { GuestDesk } from '@/lib/accounts/sign-in/sign-in';
import { sweep } from '@/lib/jobs/run-jobs';
import { newId } from '@/lib/platform/clock';
import { database } from '@/lib/platform/db';
import { enterBySession, enterForSignIn } from '@/lib/platform/enter';
import { Refusal } from '@/lib/platform/errors';
import { readOutbox } from '@/lib/platform/mail';
import { blindIndex, hasIndex, open } from '@/lib/platform/sealing';
import { wayBackDays } from '@/lib/rules/email-change';
import { testDatabase } from '@/tests/support/database';
import { makePerson, ownerClient } from '@/tests/support/rows';
import { asPerson } from '@/tests/support/visits';

const { owner: ownerUrl } = await testDatabase();
const owner = ownerClient(ownerUrl);
process.chdir(mkdtempSync(path.join(tmpdir(), 'aftercallpro-')));

const nowhere = { ipAddress: null, userAgent: 'test' };
const desk = (at = new Date()): GuestDesk => ({
  now: at,
  origin: nowhere,
  deviceId: null,
  enter: (run) => enterForSignIn(nowhere, at, run),
});
const inMinutes = (minutes: number) => new Date(Date.now() + minutes * 60_000);

let person: Awaited<ReturnType<typeof makePerson>>;
let next: string;
beforeEach(async () => {
  await owner.job.deleteMany();
  person = await makePerson(owner);
  next = `${newId()}@example.com`;
});
afterAll(async () => {
  await owner.$disconnect();
  await database().prisma.$disconnect();
  await database().pool.end();
});

const ask = (email = next, { id: userId, sessionId } = person) =>
  askForEmailChange(
    { ...desk(), viewer: { userId, sessionId, role: 'user', businessId: null, grantId: null } },
    { email },
  );
/** The newest link for a purpose in a mailbox. */
const tokenTo = async (to: string, page: 'change-email' | 'keep-email') => {
  await sweep();
  const mail = (await readOutbox()).find((one) => one.to === to && one.text.includes(`/${page}?token=`));
  return /\?token=([\w-]+)/.exec(mail?.text ?? '')?.[1] ?? '';
};
const subjectsTo = async (to: string) => {
  await sweep();
  return (await readOutbox()).filter((mail) => mail.to === to).map(({ subject }) => subject);
};
const emailOf = async (id = person.id) => {
  const { email } = await owner.user.findUniqueOrThrow({ where: { id }, select: { id: true, email: true } });
  return open('User', { id, email }).email;
};
const isFound = async (email: string) =>
  (await owner.user.count({ where: hasIndex('emailIndex', blindIndex('email', email)) })) === 1;
const opens = async (sessionId: string) =>
  (await enterBySession(sessionId, nowhere, new Date(), async () => true)) ?? false;
const otherSession = async () => {
  const [id, at] = [newId(), new Date()];
  const times = { createdAt: at, lastSeenAt: at, expiresAt: inMinutes(600) };
  await owner.session.create({ data: { id, userId: person.id, idleSeconds: 3600, ...times } });
  return id;
};

test('an address changes once the new mailbox was read; only the session that asked goes on; the old one is told', async () => {
  const other = await otherSession();
  await ask();
  expect(await emailOf()).toBe(person.email);
  expect(await opens(other)).toBe(true);
  const token = await tokenTo(next, 'change-email');
  expect(await readChangeLink(desk(), { token })).toEqual({ works: true });
  await changeEmail(desk(), { token });
  expect(await emailOf()).toBe(next);
  expect([await isFound(next), await isFound(person.email)]).toEqual([true, false]);
  expect([await opens(person.sessionId), await opens(other)]).toEqual([true, false]);
  expect(await subjectsTo(person.email)).toEqual(['The e-mail of your AfterCallPro account was changed']);
  const trail = await owner.auditLog.findMany({ where: { userId: person.id }, orderBy: { id: 'asc' } });
  expect(trail.map(({ action }) => action)).toEqual(['email.ask', 'email.update']);
});

describe('the link to the new address', () => {
  test('V6.4.1 works once, of ten times at the same moment, and for half an hour', async () => {
    await ask();
    const token = await tokenTo(next, 'change-email');
    await expect(changeEmail(desk(inMinutes(31)), { token })).rejects.toThrow(Refusal);
    const outcomes = await Promise.allSettled(Array.from({ length: 10 }, () => changeEmail(desk(), { token })));
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(await readChangeLink(desk(), { token })).toEqual({ works: false });
  });

  test('V6.4.1 takes back nothing, and is no good for anything else', async () => {
    await ask();
    const token = await tokenTo(next, 'change-email');
    await expect(keepEmail(desk(), { token })).rejects.toThrow(Refusal);
    expect(await readKeepLink(desk(), { token })).toEqual({ works: false });
  });

  test('V6.4.1 of an earlier request opens nothing once another one was confirmed', async () => {
    const second = `${newId()}@example.com`;
    await ask();
    const token = await tokenTo(next, 'change-email');
    await ask(second);
    await changeEmail(desk(), { token: await tokenTo(second, 'change-email') });
    await expect(changeEmail(desk(), { token })).rejects.toThrow(Refusal);
    expect(await emailOf()).toBe(second);
  });
});

describe('an address that somebody has', () => {
  test('V6.3.8 is asked for like any other; its owner hears of it, and there is no link', async () => {
    const known = await makePerson(owner);
    await ask(known.email);
    expect(await tokenTo(known.email, 'change-email')).toBe('');
    expect(await subjectsTo(known.email)).toEqual(['You have an AfterCallPro account already']);
    expect(await emailOf()).toBe(person.email);
  });

  test('V15.4.2 by the time it is confirmed stays theirs', async () => {
    await ask();
    const token = await tokenTo(next, 'change-email');
    const known = await makePerson(owner, { email: next });
    await expect(changeEmail(desk(), { token })).rejects.toThrow('Another account has this address');
    expect(await emailOf()).toBe(person.email);
    expect(await emailOf(known.id)).toBe(next);
  });
});

describe('the link to the old address', () => {
  const changed = async () => {
    await ask();
    await changeEmail(desk(), { token: await tokenTo(next, 'change-email') });
    return tokenTo(person.email, 'keep-email');
  };

  test('takes the change back for a week, once, and ends every session', async () => {
    const token = await changed();
    expect(await readKeepLink(desk(inMinutes(wayBackDays * 1_440 - 5)), { token })).toEqual({ works: true });
    await expect(keepEmail(desk(inMinutes(wayBackDays * 1_440)), { token })).rejects.toThrow(Refusal);
    await keepEmail(desk(), { token });
    expect(await emailOf()).toBe(person.email);
    expect([await isFound(next), await isFound(person.email)]).toEqual([false, true]);
    expect(await opens(person.sessionId)).toBe(false);
    await expect(keepEmail(desk(), { token })).rejects.toThrow(Refusal);
  });

  test('takes back also what was changed after it, whose own way back is over then', async () => {
    const token = await changed();
    const third = `${newId()}@example.com`;
    await ask(third);
    await changeEmail(desk(), { token: await tokenTo(third, 'change-email') });
    const later = await tokenTo(next, 'keep-email');
    expect(later).not.toBe('');
    await keepEmail(desk(), { token });
    expect(await emailOf()).toBe(person.email);
    await expect(keepEmail(desk(), { token: later })).rejects.toThrow(Refusal);
  });
});

test('the address that one has, and more than five in an hour, are refused', async () => {
  await expect(ask(person.email.toUpperCase())).rejects.toMatchObject({ fields: { email: expect.any(String) } });
  for (let times = 0; times < 4; times += 1) await ask(`${newId()}@example.com`);
  await expect(ask()).rejects.toThrow('too many');
});

test('V8.2.2 a name is one’s own to change, and nothing else of the account is, nor anybody else’s', async () => {
  const other = await makePerson(owner);
  await asPerson(person.sessionId, changeName, { name: 'Ines Duarte' });
  const { name } = await owner.user.findUniqueOrThrow({ where: { id: person.id }, select: { name: true } });
  expect(open('User', { id: person.id, name }).name).toBe('Ines Duarte');
  const touched = await asPerson(person.sessionId, ({ tx }) => tx.user.updateMany({ data: { name } }), {});
  expect(touched.count).toBe(1);
  const kept = await owner.user.findUniqueOrThrow({ where: { id: other.id }, select: { name: true } });
  expect(open('User', { id: other.id, name: kept.name }).name).toBe('Somebody');
  for (const column of ["role = 'admin'", 'email_index = email_index', 'data_processing_consent = true'])
    await expect(
      asPerson(person.sessionId, ({ tx }) => tx.$executeRawUnsafe(`UPDATE users SET ${column}`), {}),
    ).rejects.toThrow(/permission denied/);
});
