/** An address that two programs would read differently gets no account and no mail, on any form that takes one. */
import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Application, startApplication } from '@/tests/support/application';
import { solvedCaptcha } from '@/tests/support/captcha';
import { testDatabase } from '@/tests/support/database';
import { makePerson, ownerClient } from '@/tests/support/rows';
import { sendAction } from '@/tests/support/send-action';

const { owner: ownerUrl } = await testDatabase();
const owner = ownerClient(ownerUrl);
let app: Application;
beforeAll(async () => {
  app = await startApplication();
});
afterAll(async () => {
  await app.stop();
  await owner.$disconnect();
});

const send = async (name: string, form: Readonly<Record<string, string>>) => {
  const { leadsTo, text } = await sendAction(app.url, name, form);
  return `${leadsTo} ${text}`;
};
const signUp = async (email: string) =>
  send('signUp', {
    as: 'user',
    name: 'Ines Duarte',
    email,
    password: 'a lamp above the weir',
    consent: 'on',
    captcha: await solvedCaptcha(),
  });
const outbox = () => path.join(app.workspace, '.data/outbox');
const mails = () => (existsSync(outbox()) ? readdirSync(outbox()).filter((name) => name.endsWith('.json')).length : 0);

const victim = 'victim@example.com';
const hostile = [
  `"${victim}"@evil.example`,
  `"victim@example.com> x"@evil.example`,
  'victim\uFF20example.com',
  `${victim},attacker@evil.example`,
  `${victim}, attacker@evil.example`,
  `${victim};attacker@evil.example`,
  `${victim}\r\nBcc: attacker@evil.example`,
  `${victim}\n`,
  `\r\n${victim}`,
  `${victim}\u0000`,
  `Victim <${victim}>`,
  `${victim}(comment)`,
  'victim@[127.0.0.1]',
  'victim@example.com@evil.example',
];

test('V2.2.1 quoted, fullwidth, comma-joined and line-broken addresses are refused in words, with no mail at all', async () => {
  await makePerson(owner, { email: victim });
  for (const email of hostile) {
    for (const answer of [
      await signUp(email),
      await send('resendConfirmation', { email }),
      await send('askForReset', { email }),
    ])
      expect(answer, JSON.stringify(email)).toContain('This is not an e-mail address.');
    await owner.rateLimit.deleteMany();
  }
  expect(await owner.signUp.count()).toBe(0);
  expect(await owner.job.count()).toBe(0);
  expect(mails()).toBe(0);
});

test('a plain one is taken, with the spaces around it left out', async () => {
  expect(await signUp('  somebody.new+phone@example.com ')).toContain('/confirm-email');
  await expect.poll(mails).toBe(1);
});

test('V2.4.1 a network gets fifty challenges an hour, and then is told how long to wait', async () => {
  await owner.rateLimit.deleteMany();
  for (let times = 0; times < 50; times += 1) expect((await fetch(`${app.url}/api/captcha`)).status).toBe(200);
  const refused = await fetch(`${app.url}/api/captcha`);
  expect(refused.status).toBe(429);
  expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
  expect(refused.headers.get('cache-control')).toBe('no-store');
});

test('V6.3.8 answers for an address with and without an account are alike to a stranger', async () => {
  await owner.rateLimit.deleteMany();
  const known = await makePerson(owner);
  const [there, notThere] = [await signUp(known.email), await signUp(`${known.id}@elsewhere.example`)];
  const bare = (answer: string) => answer.replaceAll(/[0-9a-f-]{36}|\d{10,}/g, '').slice(0, 200);
  expect(bare(there)).toBe(bare(notThere));
});
