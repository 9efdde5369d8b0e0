/** The check against robots: work that was done counts once, and for ten minutes. */
import { solveChallenge } from 'altcha-lib';
import { deriveKey } from 'altcha-lib/algorithms/pbkdf2';
import { afterAll, describe, expect, test } from 'vitest';
import { askForCaptcha } from '@/lib/accounts/sign-in/ask-for-captcha';
import { passCaptcha } from '@/lib/accounts/sign-in/pass-captcha';
import type { GuestDesk } from '@/lib/accounts/sign-in/sign-in';
import { makeChallenge } from '@/lib/platform/captcha';
import { database } from '@/lib/platform/db';
import { enterForSignIn } from '@/lib/platform/enter';
import { captchaMinutes, captchaWork } from '@/lib/rules/captcha';
import { solvedCaptcha } from '@/tests/support/captcha';
import { testDatabase } from '@/tests/support/database';
import { ownerClient } from '@/tests/support/rows';

const { owner: ownerUrl } = await testDatabase();
const owner = ownerClient(ownerUrl);
afterAll(async () => {
  await owner.$disconnect();
  await database().prisma.$disconnect();
  await database().pool.end();
});

const nowhere = { ipAddress: null, userAgent: null };
const desk = (at = new Date()): GuestDesk => ({
  now: at,
  origin: nowhere,
  deviceId: null,
  enter: (run) => enterForSignIn(nowhere, at, run),
});
const minutesAgo = (minutes: number) => new Date(Date.now() - minutes * 60_000);
const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64');
const decode = (text: string) => JSON.parse(Buffer.from(text, 'base64').toString());

test('V2.4.1 a challenge that the browser was given and solved is taken', async () => {
  const challenge = await askForCaptcha(desk());
  const solution = await solveChallenge({ challenge, deriveKey });
  expect(solution?.counter).toBeGreaterThanOrEqual(captchaWork.fewest);
  expect(solution?.counter).toBeLessThanOrEqual(captchaWork.most);
  expect(await passCaptcha(desk(), encode({ challenge, solution }))).toBe(true);
});

describe('a solution', () => {
  test('V2.4.1 counts once of twenty times, sent at the same moment or later', async () => {
    const text = await solvedCaptcha();
    const passed = await Promise.all(Array.from({ length: 20 }, () => passCaptcha(desk(), text)));
    expect(passed.filter(Boolean)).toHaveLength(1);
    expect(await passCaptcha(desk(), text)).toBe(false);
  });

  test('V2.4.1 counts no second time under another spelling of the same challenge', async () => {
    const text = await solvedCaptcha();
    expect(await passCaptcha(desk(), text)).toBe(true);
    const { challenge, solution } = decode(text);
    const reversed = Object.fromEntries(Object.entries(challenge.parameters).reverse());
    for (const again of [
      { challenge: { ...challenge, parameters: reversed }, solution },
      { challenge, solution: { ...solution, counter: 7 } },
      { challenge: { ...challenge, signature: challenge.signature.toUpperCase() }, solution },
    ])
      expect(await passCaptcha(desk(), encode(again))).toBe(false);
  });

  test('V2.4.1 counts until its challenge runs out, and is remembered as long', async () => {
    expect(await passCaptcha(desk(), await solvedCaptcha(minutesAgo(captchaMinutes - 1)))).toBe(true);
    expect(await passCaptcha(desk(), await solvedCaptcha(minutesAgo(captchaMinutes)))).toBe(false);
    const before = await owner.spentChallenge.count();
    await owner.spentChallenge.create({ data: { id: '0'.repeat(32), expiresAt: minutesAgo(5) } });
    await passCaptcha(desk(), await solvedCaptcha());
    expect(await owner.spentChallenge.count()).toBe(before + 1);
  });

  test('V2.4.1 is nobody’s to forget before that, also not for the role that uses it', async () => {
    expect(await passCaptcha(desk(), await solvedCaptcha())).toBe(true);
    const { count } = await desk().enter(({ tx }) => tx.spentChallenge.deleteMany({}));
    expect(count).toBe(0);
  });
});

test('V2.4.1 nothing else is taken: no nonsense, no unsolved, foreign, easier or longer-lived challenge', async () => {
  const challenge = await makeChallenge(new Date(), 3);
  const solution = await solveChallenge({ challenge, deriveKey });
  const other = decode(await solvedCaptcha());
  const { parameters, signature } = challenge;
  const bad = [
    '',
    'nonsense',
    'x'.repeat(100_000),
    encode(null),
    encode([]),
    encode({ challenge }),
    encode({ challenge, solution: null }),
    encode({ challenge, solution: { counter: 3, derivedKey: '0'.repeat(64) } }),
    encode({ challenge, solution: other.solution }),
    encode({ challenge: { parameters }, solution }),
    encode({ challenge: { parameters, signature: '0'.repeat(64) }, solution }),
    encode({ challenge: { parameters: { ...parameters, expiresAt: 99_999_999_999 }, signature }, solution }),
    encode({ challenge: { parameters: { ...parameters, cost: 1 }, signature }, solution }),
    encode({ challenge: { parameters: { ...parameters, nonce: '0'.repeat(32) }, signature }, solution }),
    encode({ challenge: { parameters: { ...parameters, data: { a: 1 } }, signature }, solution }),
  ];
  for (const text of bad) expect(await passCaptcha(desk(), text), text.slice(0, 80)).toBe(false);
  expect(await passCaptcha(desk(), encode({ challenge, solution }))).toBe(true);
});
