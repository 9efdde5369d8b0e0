/** The operator is told of what does not mend itself, by mail and by webhook, and not over and over. */

import { mkdtempSync } from 'node:fs';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeEach, expect, test } from 'vitest';
import { sweep } from '@/lib/jobs/run-jobs';
import { startClockJob } from '@/lib/jobs/start-clock-job';
import { wantJob } from '@/lib/jobs/want-job';
import { newId } from '@/lib/platform/clock';
import { database } from '@/lib/platform/db';
import { enterAsSystem } from '@/lib/platform/enter';
import { readOutbox } from '@/lib/platform/mail';
import { closedInWave, lockMinutes, waveMinutes } from '@/lib/rules/lockout';
import { testDatabase } from '@/tests/support/database';
import { makePerson, ownerClient } from '@/tests/support/rows';

const { owner: ownerUrl } = await testDatabase();
const owner = ownerClient(ownerUrl);
process.chdir(mkdtempSync(path.join(tmpdir(), 'aftercallpro-')));

/** A program that is told: what it got, and how it answers. */
const received: { headers: IncomingHttpHeaders; body: Record<string, string> }[] = [];
let answer = 200;
const program = createServer((request, response) => {
  let body = '';
  request.on('data', (chunk) => (body += chunk));
  request.on('end', () => {
    received.push({ headers: request.headers, body: JSON.parse(body) });
    response.writeHead(answer).end();
  });
});
await new Promise<void>((resolve) => program.listen(0, '127.0.0.1', resolve));
process.env.ALERT_EMAIL = 'ops@example.com';
process.env.ALERT_WEBHOOK_URL = `http://127.0.0.1:${(program.address() as AddressInfo).port}/hook`;

const kept = globalThis as { aftercallproLimiter?: unknown };
beforeEach(async () => {
  received.length = 0;
  answer = 200;
  delete kept.aftercallproLimiter;
  await owner.job.deleteMany();
  await owner.jobRun.deleteMany();
});
afterAll(async () => {
  await owner.$disconnect();
  await database().prisma.$disconnect();
  await database().pool.end();
  program.close();
});

const raise = (reference: string) =>
  enterAsSystem(new Date(), (visit) =>
    wantJob(visit, { kind: 'alert', key: `alert ${reference}`, payload: { alert: 'job_dead', reference } }),
  );
const mailsAbout = async (text: string) => (await readOutbox()).filter((mail) => mail.text.includes(text)).length;
const later = () => owner.$executeRaw`UPDATE jobs SET run_at = now() - interval '1 hour' WHERE done_at IS NULL`;

test('an alert goes out once by mail and once to the program, which can tell a second delivery from a second alert', async () => {
  const reference = newId();
  await raise(reference);
  await raise(reference);
  await sweep();
  expect(await mailsAbout(reference)).toBe(1);
  expect(received).toHaveLength(1);
  const [{ headers, body } = { headers: {}, body: {} }] = received;
  expect(body).toMatchObject({ alert: 'job_dead', reference, text: expect.stringContaining('A job was given up') });
  const { id } = await owner.job.findFirstOrThrow({ where: { kind: 'alert_webhook' } });
  expect(headers['idempotency-key']).toBe(id);
});

test('a program that does not take it is told again, and nobody gets the mail twice for it', async () => {
  const reference = newId();
  answer = 500;
  await raise(reference);
  await sweep();
  expect(await owner.job.findFirstOrThrow({ where: { kind: 'alert_webhook' } })).toMatchObject({
    doneAt: null,
    lastError: 'PostError status_500',
  });
  answer = 200;
  await later();
  await sweep();
  // Once more or twice: chance may let the second try come at once.
  expect(received.length).toBeGreaterThan(1);
  const deliveries = new Set(received.map(({ headers }) => headers['idempotency-key']));
  expect([deliveries.size, await mailsAbout(reference)]).toEqual([1, 1]);
});

const endsIn = (minutes: number) => new Date(Date.now() + minutes * 60_000);
const close = async (accounts: number, until: Date) => {
  for (let n = 0; n < accounts; n += 1) {
    const { id } = await makePerson(owner);
    await owner.user.update({ where: { id }, data: { accountLockedUntil: until } });
  }
};
const waves = () => owner.job.count({ where: { kind: 'alert', key: { startsWith: 'alert lockout_wave' } } });

test('many accounts closed at about the same time are an alert, once an hour; as many in half an hour are none', async () => {
  await close(closedInWave, endsIn(lockMinutes - waveMinutes - 1));
  await close(closedInWave - 1, endsIn(lockMinutes - 1));
  await startClockJob('sweep');
  expect(await waves()).toBe(0);

  await close(1, endsIn(lockMinutes));
  await startClockJob('sweep');
  await startClockJob('sweep');
  expect(await waves()).toBe(1);
});

const stores = () => owner.job.findMany({ where: { kind: 'alert', key: { startsWith: 'alert limiter_away' } } });

test('a limiter store that is away for more than a moment is an alert', async () => {
  const limiter = { name: 'redis', count: async () => ({ passes: true }), awayFor: () => 29_000 };
  kept.aftercallproLimiter = limiter;
  await startClockJob('sweep');
  expect(await stores()).toEqual([]);
  kept.aftercallproLimiter = { ...limiter, awayFor: () => 31_000 };
  await startClockJob('sweep');
  await startClockJob('sweep');
  expect(await stores()).toMatchObject([{ payload: { alert: 'limiter_away', reference: 'redis' } }]);
});
