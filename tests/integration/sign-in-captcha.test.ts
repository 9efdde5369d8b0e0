/** After two failures nobody's password is looked at without the check against robots, and it tells nothing about anybody. */
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { readSignIn } from '@/lib/accounts/sign-in/read-sign-in';
import { type GuestDesk, signIn } from '@/lib/accounts/sign-in/sign-in';
import { newId } from '@/lib/platform/clock';
import { database } from '@/lib/platform/db';
import { enterForSignIn } from '@/lib/platform/enter';
import { Refusal } from '@/lib/platform/errors';
import { hashPassword } from '@/lib/platform/password';
import { solvedCaptcha } from '@/tests/support/captcha';
import { testDatabase } from '@/tests/support/database';
import { makePerson, ownerClient } from '@/tests/support/rows';

const { owner: ownerUrl } = await testDatabase();
const owner = ownerClient(ownerUrl);
const password = 'nine grey herons';
const passwordHash = await hashPassword(password);

let networks = 0;
const freshNetwork = () => `10.9.${networks >> 8}.${networks++ & 255}`;
const desk = (ipAddress = freshNetwork(), deviceId: string | null = null, at = new Date()): GuestDesk => {
  const origin = { ipAddress, userAgent: 'test' };
  return { now: at, origin, deviceId, enter: (run) => enterForSignIn(origin, at, run) };
};
const inMinutes = (minutes: number) => new Date(Date.now() + minutes * 60_000);

let person: Awaited<ReturnType<typeof makePerson>>;
beforeEach(async () => {
  await owner.rateLimit.deleteMany();
  person = await makePerson(owner, { passwordHash });
});
afterAll(async () => {
  await owner.$disconnect();
  await database().prisma.$disconnect();
  await database().pool.end();
});

type Answer = { readonly message: string; readonly fields: string[] };
/** `null`: signed in. */
async function answer(guess: string, from = desk(), email = person.email, captcha = ''): Promise<Answer | null> {
  try {
    await signIn(from, { email, password: guess, captcha });
    return null;
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return { message: error.message, fields: Object.keys(error.fields) };
  }
}
const unseen = { message: expect.stringContaining('We have not looked at the password'), fields: ['captcha'] };
const failures = async () => (await owner.user.findUniqueOrThrow({ where: { id: person.id } })).failedLoginAttempts;

describe('after two failures at an account, wherever they came from,', () => {
  test('V2.4.1 the right password is not looked at without the check, and lets in with it', async () => {
    expect(await answer('wrong')).toMatchObject({ fields: [] });
    expect(await answer('wrong')).toMatchObject({ fields: ['captcha'] });
    expect(await answer(password)).toEqual(unseen);
    expect(await answer(password, desk(), person.email, 'nonsense')).toEqual(unseen);
    expect(await failures()).toBe(2);
    expect(await answer(password, desk(), person.email, await solvedCaptcha())).toBeNull();
    expect(await answer(password)).toBeNull();
  });

  test('V2.4.1 an address that nobody has gives the same answers', async () => {
    const nobody = `${newId()}@example.com`;
    for (const captcha of ['', '', '', 'used']) {
      const [there, notThere] = [
        await answer('wrong', desk(), person.email, captcha),
        await answer('wrong', desk(), nobody, captcha),
      ];
      expect(there).toEqual(notThere);
    }
  });

  test('V2.4.1 twenty guesses at once without it come to two', async () => {
    await Promise.allSettled(Array.from({ length: 20 }, (_, n) => answer(`guess ${n}`)));
    expect(await failures()).toBe(2);
  });

  test('V2.4.1 one solution is good for one guess', async () => {
    for (let times = 0; times < 2; times += 1) await answer('wrong');
    const captcha = await solvedCaptcha();
    await Promise.all(Array.from({ length: 10 }, (_, n) => answer(`guess ${n}`, desk(), person.email, captcha)));
    expect(await failures()).toBe(3);
  });

  test('V2.4.1 a closed account says nothing about itself without it', async () => {
    const locked = { failedLoginAttempts: 5, accountLockedUntil: inMinutes(20) };
    await owner.user.update({ where: { id: person.id }, data: locked });
    expect(await answer(password)).toEqual(unseen);
    expect(await answer(password, desk(), person.email, await solvedCaptcha())).toMatchObject({
      message: expect.stringContaining('We could not sign you in'),
    });
  });

  test('V2.4.1 a browser that the account knows is asked for nothing, and keeps its five tries', async () => {
    const laptop = newId();
    expect(await answer(password, desk(freshNetwork(), laptop))).toBeNull();
    for (let times = 0; times < 2; times += 1) await answer('wrong');
    for (let times = 0; times < 4; times += 1)
      expect(await answer('wrong', desk(freshNetwork(), laptop))).toMatchObject({ fields: [] });
    expect(await answer(password, desk(freshNetwork(), laptop))).toBeNull();
  });
});

describe('after two failures from a network, at whatever accounts,', () => {
  test('V2.4.1 the next needs the check, for half an hour', async () => {
    const network = freshNetwork();
    for (let times = 0; times < 2; times += 1) await answer('wrong', desk(network), `${newId()}@example.com`);
    expect(await readSignIn(desk(network))).toBe(true);
    expect(await readSignIn(desk())).toBe(false);
    expect(await answer(password, desk(network))).toEqual(unseen);
    expect(await failures()).toBe(0);
    expect(await answer(password, desk(network), person.email, await solvedCaptcha())).toBeNull();
    expect(await answer(password)).toBeNull();
    expect(await answer(password, desk(network, null, inMinutes(31)))).toBeNull();
  });

  test('V2.4.1 whoever signs in rightly from it is no failure, however often', async () => {
    const network = freshNetwork();
    for (let times = 0; times < 4; times += 1) expect(await answer(password, desk(network))).toBeNull();
    const [{ failedSignIns } = { failedSignIns: -1 }] = await owner.networkFailure.findMany({
      orderBy: { lastFailedAt: 'desc' },
      take: 1,
    });
    expect(failedSignIns).toBe(0);
  });

  test('no network is stored in the clear', async () => {
    const network = freshNetwork();
    await answer('wrong', desk(network));
    expect(JSON.stringify(await owner.networkFailure.findMany())).not.toContain(network);
  });
});

test('a trail of what was refused unseen names nobody', async () => {
  for (let times = 0; times < 3; times += 1) await answer('wrong');
  const denied = await owner.auditLog.findMany({ where: { details: { path: ['reason'], equals: 'captcha' } } });
  expect(denied.length).toBeGreaterThan(0);
  expect(denied.every(({ userId }) => userId === null)).toBe(true);
});

test('where it cannot be told whether a solution was used, nobody gets in with it, and no try is counted', async () => {
  for (let times = 0; times < 2; times += 1) await answer('wrong');
  await owner.$executeRawUnsafe('REVOKE INSERT ON spent_challenges FROM app_sign_in');
  try {
    await expect(answer(password, desk(), person.email, await solvedCaptcha())).rejects.toThrow(/permission denied/);
    expect(await failures()).toBe(2);
  } finally {
    await owner.$executeRawUnsafe('GRANT INSERT ON spent_challenges TO app_sign_in');
  }
});
