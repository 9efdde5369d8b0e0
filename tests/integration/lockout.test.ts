/** A closed account: its owner hears of it and gets in again; strangers get no guess more. */
import { randomUUID } from 'node:crypto';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { makeLink } from '@/lib/accounts/one-time-token';
import { type GuestDesk, signIn } from '@/lib/accounts/sign-in/sign-in';
import { readUnlockLink, unlockAccount } from '@/lib/accounts/sign-in/unlock-account';
import { sweep } from '@/lib/jobs/run-jobs';
import { database } from '@/lib/platform/db';
import { enterAsSystem, enterForSignIn } from '@/lib/platform/enter';
import { Refusal } from '@/lib/platform/errors';
import { readOutbox } from '@/lib/platform/mail';
import { hashPassword } from '@/lib/platform/password';
import { devicesPerAccount } from '@/lib/rules/lockout';
import { solvedCaptcha } from '@/tests/support/captcha';
import { testDatabase } from '@/tests/support/database';
import { makePerson, ownerClient } from '@/tests/support/rows';

const { owner: ownerUrl } = await testDatabase();
const owner = ownerClient(ownerUrl);
process.chdir(mkdtempSync(path.join(tmpdir(), 'aftercallpro-')));
const password = 'nine grey herons';
const passwordHash = await hashPassword(password);

let networks = 0;
/** Each time from a network that nobody has tried from yet. */
const desk = (deviceId: string | null = randomUUID(), at = new Date()): GuestDesk => {
  const origin = { ipAddress: `10.4.${networks >> 8}.${networks++ & 255}`, userAgent: 'test' };
  return { now: at, origin, deviceId, enter: (run) => enterForSignIn(origin, at, run) };
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

const signsIn = async (guess: string, from: GuestDesk = desk()) =>
  signIn(from, { email: person.email, password: guess, captcha: await solvedCaptcha(from.now) }).then(
    () => true,
    () => false,
  );
const close = async (deviceId?: string) => {
  for (let tries = 0; tries < 5; tries += 1) await signsIn('wrong', desk(deviceId));
};
const mails = async () => {
  await sweep();
  return (await readOutbox()).filter(({ to }) => to === person.email);
};
const tokenIn = (text: string | undefined) => /\/unlock\?token=([\w-]+)/.exec(text ?? '')?.[1] ?? '';
/** What was checked: guesses that were wrong, not refused unseen. */
const checked = () =>
  owner.auditLog.count({
    where: { userId: person.id, action: 'session.deny', details: { path: ['reason'], equals: 'wrong' } },
  });

describe('the mail', () => {
  test('comes once an account has closed, not before, and once', async () => {
    for (let tries = 0; tries < 4; tries += 1) await signsIn('wrong');
    expect(await mails()).toEqual([]);
    for (let tries = 0; tries < 4; tries += 1) await signsIn('wrong');
    expect((await mails()).map(({ subject }) => subject)).toEqual(['Your AfterCallPro account is closed for a while']);
  });

  test('comes once, also for twenty guesses at the same time', async () => {
    await Promise.all(Array.from({ length: 20 }, (_, n) => signsIn(`guess ${n}`)));
    expect(await mails()).toHaveLength(1);
    expect(await checked()).toBe(5);
  });

  test('does not come where the last try was right', async () => {
    for (let tries = 0; tries < 4; tries += 1) await signsIn('wrong');
    expect(await signsIn(password)).toBe(true);
    expect(await mails()).toEqual([]);
  });

  test('is wanted for nobody where the address is nobody’s', async () => {
    for (let tries = 0; tries < 5; tries += 1) {
      const email = `nobody-${person.id}@example.com`;
      await signIn(desk(), { email, password: 'wrong', captcha: await solvedCaptcha() }).catch(() => {});
    }
    expect(await owner.job.count({ where: { kind: 'account_mail' } })).toBe(1);
    const before = (await readOutbox()).length;
    await sweep();
    expect(await readOutbox()).toHaveLength(before);
  });
});

describe('the link in it', () => {
  const linkToken = async () => tokenIn((await mails())[0]?.text);

  test('opens the account when its button is pressed, not when it is looked at', async () => {
    await close();
    const token = await linkToken();
    expect(await readUnlockLink(desk(), { token })).toEqual({ works: true });
    expect(await signsIn(password)).toBe(false);
    await unlockAccount(desk(), { token });
    expect(await signsIn(password)).toBe(true);
    const trail = await owner.auditLog.findMany({ where: { userId: person.id, action: 'account.unlock' } });
    expect(trail).toHaveLength(1);
  });

  test('V6.4.1 works once, and for thirty minutes', async () => {
    await close();
    const token = await linkToken();
    await expect(unlockAccount(desk(null, inMinutes(31)), { token })).rejects.toThrow(Refusal);
    await unlockAccount(desk(), { token });
    await close();
    await expect(unlockAccount(desk(), { token })).rejects.toThrow(Refusal);
    expect(await signsIn(password)).toBe(false);
  });

  test('V9.2.2 for another purpose opens nothing', async () => {
    await close();
    const link = await enterAsSystem(new Date(), (visit) => makeLink(visit, person.id, 'reset_password'));
    const token = /token=([\w-]+)/.exec(link)?.[1] ?? '';
    await expect(unlockAccount(desk(), { token })).rejects.toThrow(Refusal);
    expect(await signsIn(password)).toBe(false);
  });
});

describe('a browser that the account was signed in from', () => {
  const laptop = randomUUID();
  beforeEach(async () => {
    await signsIn(password, desk(laptop));
  });

  test('gets in while strangers have closed the account', async () => {
    await close();
    expect(await signsIn(password)).toBe(false);
    expect(await signsIn(password, desk(laptop))).toBe(true);
    expect(await signsIn(password)).toBe(false);
  });

  test('has five tries of its own, and takes none from the others', async () => {
    await close(laptop);
    expect(await signsIn(password, desk(laptop))).toBe(false);
    expect(await signsIn(password)).toBe(true);
  });

  test('V6.3.1 V15.4.2 has five also when it guesses a hundred times at once', async () => {
    await Promise.all(Array.from({ length: 100 }, (_, n) => signsIn(`guess ${n}`, desk(laptop))));
    expect(await checked()).toBeLessThanOrEqual(5);
  });

  test('is known to no other account', async () => {
    const other = await makePerson(owner, { passwordHash });
    for (let tries = 0; tries < 5; tries += 1) {
      await signIn(desk(), { email: other.email, password: 'wrong', captcha: await solvedCaptcha() }).catch(() => {});
    }
    const captcha = await solvedCaptcha();
    await expect(signIn(desk(laptop), { email: other.email, password, captcha })).rejects.toThrow(Refusal);
  });

  test('is forgotten after a year', async () => {
    const late = inMinutes(366 * 1440);
    for (let tries = 0; tries < 5; tries += 1) await signsIn('wrong', desk(null, late));
    expect(await signsIn(password, desk(laptop, late))).toBe(false);
  });

  test('is told from a new one: of that the owner hears by mail', async () => {
    await signsIn(password, desk(laptop));
    expect(await mails()).toEqual([]);
    await signsIn(password);
    expect((await mails()).map(({ subject }) => subject)).toEqual(['New sign-in to your AfterCallPro account']);
  });

  test('is one of ten at most', async () => {
    for (let n = 0; n < devicesPerAccount + 2; n += 1) await signsIn(password);
    expect(await owner.knownDevice.count({ where: { userId: person.id } })).toBe(devicesPerAccount);
  });
});
