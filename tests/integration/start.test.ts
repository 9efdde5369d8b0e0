/** The production server starts with an environment that holds, or says in a line what is wrong with it. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, inject, onTestFinished, test } from 'vitest';
import { newId } from '@/lib/platform/clock';
import { newEntry } from '@/lib/platform/keys';
import { startApplication } from '@/tests/support/application';
import { testDatabase } from '@/tests/support/database';
import { freshSid, makeBusiness, ownerClient } from '@/tests/support/rows';
import { callFields, sendSigned } from '@/tests/support/twilio-request';
import { layWire } from '@/tests/support/wire';

const { app: address, owner: ownerUrl } = await testDatabase();
const owner = ownerClient(ownerUrl);
afterAll(() => owner.$disconnect());

/** A start that comes to nothing: how it ends, and what it says. */
async function start(environment: Record<string, string>) {
  const workspace = mkdtempSync(path.join(tmpdir(), 'aftercallpro-test-'));
  const child = spawn(process.execPath, [path.resolve('scripts/start.mjs')], {
    cwd: workspace,
    env: { ...process.env, APP_URL: 'http://127.0.0.1:1', PORT: '0', ...environment },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  onTestFinished(() => {
    child.kill('SIGKILL');
    rmSync(workspace, { recursive: true, force: true });
  });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text) => (said += text));
  const [code] = await once(child, 'close');
  return { code, lines: said.split('\n').filter(Boolean) };
}

describe('a start', () => {
  test.each([
    ['DATABASE_URL', 'mysql://app:open-sesame@127.0.0.1/app'],
    ['SECRET_KEY', 'open-sesame'],
    ['ENCRYPTION_KEY', 'open-sesame'],
    ['ENCRYPTION_KEY', `${newEntry('a')},${newEntry('a')}`],
    ['APP_URL', 'open-sesame'],
    ['CRON_SECRET', 'open-sesame'],
    ['TWILIO_AUTH_TOKEN', 'open-sesame'],
    ['TWILIO_ACCOUNT_SID', ''],
    ['TRUSTED_PROXY_HOPS', 'open-sesame'],
  ])('is refused for a wrong %s, in one line that names it and does not repeat it', async (name, value) => {
    const { code, lines } = await start({ [name]: value });
    expect([code, lines]).toEqual([1, [expect.stringMatching(new RegExp(`^${name} `))]]);
    expect(lines.join()).not.toContain('open-sesame');
  });

  const { superuser } = inject('testServer');
  const database = new URL(address).pathname;
  test.each([
    ['is a superuser', Object.assign(new URL(superuser), { pathname: database }).href, /superuser/],
    ['owns the tables', ownerUrl, /owns tables/],
    ['is not let in', Object.assign(new URL(address), { password: 'open-sesame' }).href, /does not let its login in/],
    ['finds no database', Object.assign(new URL(address), { pathname: '/nowhere' }).href, /no database of that name/],
  ])('is refused where the login of DATABASE_URL %s', async (_, login, why) => {
    const { code, lines } = await start({ DATABASE_URL: login });
    expect([code, lines]).toEqual([1, [expect.stringMatching(why)]]);
    expect(lines[0]).toMatch(/^DATABASE_URL: /);
    expect(lines[0]).not.toContain(new URL(login).password);
  });
});

test('a start is refused while a restore is not finished: who was erased since is in the database again', async () => {
  const restore = await owner.restore.create({
    data: { id: newId(), backup: '20261122t021700.000z', restoredAt: new Date() },
  });
  const { code, lines } = await start({});
  await owner.restore.delete({ where: { id: restore.id } });
  expect([code, lines]).toEqual([1, [expect.stringMatching(/npm run backup -- finish$/)]]);
});

test('a process that starts while the database is away answers callers, and works once it is there', async () => {
  const { number } = await makeBusiness(owner);
  const wire = await layWire(address);
  onTestFinished(() => wire.close());
  wire.cut();
  const app = await startApplication({ DATABASE_URL: wire.over(address) });
  onTestFinished(() => app.stop());
  const call = async () => (await sendSigned(app.url, '/api/twilio/voice', callFields(freshSid('CA'), number))).text();
  expect(await call()).toContain('<Record');
  wire.mend();
  await expect.poll(call, { timeout: 10_000 }).toContain('<Gather');
});

test('a process that starts while the database is away ends when its login turns out to be no good', async () => {
  const wire = await layWire(address);
  onTestFinished(() => wire.close());
  wire.cut();
  const started = start({ DATABASE_URL: wire.over(ownerUrl) });
  await expect.poll(() => wire.turnedAway, { timeout: 20_000 }).toBeGreaterThan(0);
  wire.mend();
  expect(await started).toEqual({ code: 1, lines: [expect.stringMatching(/^DATABASE_URL: its login owns tables/)] });
});

test('without a cron secret nobody is the clock, and nobody is told more than a word', async () => {
  const app = await startApplication({ CRON_SECRET: '' });
  onTestFinished(() => app.stop());
  for (const authorization of ['', 'Bearer', 'Bearer ', 'Bearer undefined', 'Bearer null']) {
    const headers = authorization ? { authorization } : undefined;
    expect((await fetch(`${app.url}/api/cron/sweep`, { headers })).status).toBe(401);
    const health = await fetch(`${app.url}/api/health`, { headers });
    expect([health.status, await health.json()]).toEqual([200, { status: 'ok' }]);
  }
});
