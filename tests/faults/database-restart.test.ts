/** Postgres itself stops and starts again, under a process that stays up. */
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startClockJob } from '@/lib/jobs/start-clock-job';
import { newId } from '@/lib/platform/clock';
import { database } from '@/lib/platform/db';
import { readOutbox } from '@/lib/platform/mail';
import { type PostgresServer, startPostgres } from '@/scripts/support/embedded-postgres';
import { type Application, startApplication } from '@/tests/support/application';
import { freshSid, makeBusiness, makePerson, ownerOnce } from '@/tests/support/rows';
import { callFields, sendSigned } from '@/tests/support/twilio-request';

const above = mkdtempSync(path.join(tmpdir(), 'postgres-'));
chmodSync(above, 0o755);
const folder = path.join(above, 'data');
const start = () => startPostgres(folder, { durable: true });

let server: PostgresServer;
let app: Application;
let number: string;
let headers: Record<string, string>;

const asOwner = <T>(use: Parameters<typeof ownerOnce<T>>[1]) => ownerOnce(server.url('acp_owner', 'house'), use);

beforeAll(async () => {
  server = await start();
  const client = new pg.Client({ connectionString: server.url('postgres', 'postgres') });
  await client.connect();
  await client.query('CREATE DATABASE house OWNER acp_owner');
  await client.end();
  execFileSync(process.execPath, ['scripts/prisma.mjs', 'migrate', 'deploy'], {
    env: { ...process.env, DIRECT_URL: server.url('acp_owner', 'house') },
    stdio: 'pipe',
  });
  process.env.DATABASE_URL = server.url('app', 'house');
  app = await startApplication();
  await asOwner(async (owner) => {
    const business = await makeBusiness(owner);
    const person = await makePerson(owner, { member: { businessId: business.id, role: 'business_owner' } });
    number = business.number;
    headers = await app.as(person.sessionId);
  });
}, 60_000);
afterAll(async () => {
  await app.stop();
  await server.release();
  rmSync(above, { recursive: true, force: true });
});

const call = async (callSid: string) => {
  const answer = await sendSigned(app.url, '/api/twilio/voice', callFields(callSid, number));
  return { status: answer.status, text: await answer.text() };
};
const today = async () => (await fetch(`${app.url}/dashboard`, { headers, redirect: 'manual' })).status;

/** Calls until one is answered with what only the database knows, and gives that one. */
async function callUntilAnswered(): Promise<string> {
  let callSid = '';
  const callAgain = async () => {
    callSid = freshSid('CA');
    return (await call(callSid)).text;
  };
  await expect.poll(callAgain, { timeout: 20_000 }).toContain('<Gather');
  return callSid;
}

test('fault 17: the pool survives a restart of Postgres: calls and pages after it are as before it, with no restart of ours', async () => {
  const before = await callUntilAnswered();
  // Ten at once, so that the pool is full of connections that will be dead.
  await Promise.all(Array.from({ length: 10 }, () => call(freshSid('CA'))));
  await expect.poll(today, { timeout: 20_000 }).toBe(200);

  await server.release();
  const during = await call(freshSid('CA'));
  expect([during.status, during.text]).toEqual([200, expect.stringMatching(/<Say.*<Record/s)]);

  server = await start();
  const after = await callUntilAnswered();
  await expect.poll(today, { timeout: 20_000 }).toBe(200);
  const kept = await asOwner((owner) => owner.call.count({ where: { callSid: { in: [before, after] } } }));
  expect(kept).toBe(2);
});

test('fault 1: Postgres stops in the middle of a run: the run fails, and after the next one every mail is there once', async () => {
  const mails = 40;
  const house = process.cwd();
  process.chdir(mkdtempSync(path.join(tmpdir(), 'aftercallpro-'))); // where the outbox is
  const email = await asOwner(async (owner) => {
    const person = await makePerson(owner);
    const data = Array.from({ length: mails }, () => ({
      id: newId(),
      kind: 'account_mail',
      key: newId(),
      payload: { userId: person.id, mail: 'password_changed' },
      runAt: new Date(Date.now() - 60_000),
    }));
    await owner.job.createMany({ data });
    return person.email;
  });
  const sent = async () => (await readOutbox()).filter(({ to }) => to === email).length;

  const cutOff = startClockJob('sweep').catch((error: unknown) => error);
  await expect.poll(sent, { timeout: 20_000, interval: 5 }).toBeGreaterThan(0);
  await server.release();
  expect(await cutOff).toBeInstanceOf(Error);
  expect(await sent()).toBeLessThan(mails);

  server = await start();
  await asOwner(async (owner) => {
    await owner.$executeRaw`UPDATE job_runs SET leased_until = now() - interval '1 second' WHERE ended_at IS NULL`;
    await owner.$executeRaw`UPDATE jobs SET run_at = now() - interval '1 minute', lease = NULL, leased_until = NULL WHERE done_at IS NULL`;
  });
  await startClockJob('sweep');
  expect(await sent()).toBe(mails);
  expect(await asOwner((owner) => owner.job.count({ where: { kind: 'account_mail', doneAt: null } }))).toBe(0);
  process.chdir(house);
  await database().prisma.$disconnect();
  await database().pool.end();
}, 120_000);
