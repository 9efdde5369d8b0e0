/**
 * Callers under each fault: a hundred with `npm run faults`, fewer among all other tests. Every one hears the greeting and can
 * leave a message, and once the fault is over and the clock has gone round, every message is here, once.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, expect, type RunnerTask, test, vi } from 'vitest';
import { type PostgresServer, startPostgres } from '@/scripts/support/embedded-postgres';
import type { CallRequest } from '@/simulator/call';
import type { CompletedCall } from '@/simulator/events';
import type { Faults } from '@/simulator/faults';
import { seeded } from '@/simulator/random';
import { type Application, startApplication } from '@/tests/support/application';
import { callersOf, placeCalls, type Toll, tollOf } from '@/tests/support/callers';
import { catchUp } from '@/tests/support/catch-up';
import { type FallbackHost, hostFallback } from '@/tests/support/fallback-host';
import { startMailServer } from '@/tests/support/mail-server';
import { makeBusiness, makePerson, ownerOnce } from '@/tests/support/rows';
import { layWire, type Wire } from '@/tests/support/wire';

vi.setConfig({ testTimeout: 240_000 });

const CALLS = Number(process.env.FAULT_CALLS ?? 20);
const AT_ONCE = 20;
const WHOLE: Toll = { placed: CALLS, heard: CALLS, saved: CALLS, missing: 0, doubled: 0 };

const above = mkdtempSync(path.join(tmpdir(), 'calls-under-faults-'));
chmodSync(above, 0o755);
const disk = path.join(above, 'disk');
mkdirSync(disk);
/** Takes the rights of root, which a machine of CI has. */
const isMounted =
  spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=800m,mode=755', 'tmpfs', disk], { stdio: 'ignore' }).status === 0;
const startServer = () => startPostgres(path.join(disk, 'data'));

let server: PostgresServer;
let wire: Wire;
let elsewhere: FallbackHost;
let app: Application;
let number: string;

const asOwner = <T>(use: Parameters<typeof ownerOnce<T>>[1]) => ownerOnce(server.url('acp_owner', 'house'), use);

async function asSuperuser(statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: server.url('postgres', 'postgres') });
  await client.connect();
  await client.query(statement);
  await client.end();
}

beforeAll(async () => {
  server = await startServer();
  await asSuperuser('CREATE DATABASE house OWNER acp_owner');
  execFileSync(process.execPath, ['scripts/prisma.mjs', 'migrate', 'deploy'], {
    env: { ...process.env, DIRECT_URL: server.url('acp_owner', 'house') },
    stdio: 'pipe',
  });
  wire = await layWire(server.url('app', 'house'));
  process.env.DATABASE_URL = wire.over(server.url('app', 'house'));
  elsewhere = await hostFallback();
  app = await startApplication({}, { voiceFallback: elsewhere.url });
  await asOwner(async (owner) => {
    const business = await makeBusiness(owner);
    await makePerson(owner, { member: { businessId: business.id, role: 'business_owner' } });
    number = business.number;
    await owner.phoneRoute.updateMany({ data: { createdAt: new Date(Date.now() - 86_400_000) } });
  });
}, 120_000);
afterEach(() => {
  wire.mend();
  app.network.fail({});
});
afterAll(async () => {
  await app.stop();
  await wire.close();
  await elsewhere.stop();
  await server.release();
  if (isMounted) execFileSync('umount', [disk]);
  rmSync(above, { recursive: true, force: true });
});

type Trial = {
  /** Where the calls go; the application of all these tests, where none is said. */
  readonly at?: Application;
  readonly callers?: readonly CallRequest[];
  /** Undoes the fault. */
  readonly mend?: () => unknown;
  readonly onEnd?: (call: CompletedCall) => void;
};

/** Ten minutes ago: nothing that Twilio was to tell of it is still to come. */
const tenMinutesAgo = () => new Date(Date.now() - 600_000);

/** Places the calls, lets the fault be over and the clock go round, and says what became of them. */
async function survive(task: RunnerTask, { at = app, callers, mend, onEnd }: Trial = {}): Promise<Toll> {
  const placed = await placeCalls(at.network, callers ?? callersOf(number, CALLS, tenMinutesAgo()), AT_ONCE, onEnd);
  await mend?.();
  return asOwner(async (owner) => {
    await catchUp(at, owner);
    const toll = await tollOf(owner, placed);
    task.meta.calls = toll;
    return toll;
  });
}

test('fault 0: calls while nothing is wrong', async ({ task }) => {
  expect(await survive(task)).toEqual(WHOLE);
});

test('fault 1: calls while Postgres is stopped', async ({ task }) => {
  await server.release();
  const start = async () => {
    server = await startServer();
  };
  expect(await survive(task, { mend: start })).toEqual(WHOLE);
});

test('fault 1: calls while Postgres stops and starts again', async ({ task }) => {
  let ended = 0;
  let change: Promise<unknown> = Promise.resolve();
  const onEnd = () => {
    ended += 1;
    if (ended === Math.round(CALLS * 0.2)) change = server.release();
    if (ended === Math.round(CALLS * 0.6)) {
      change = change.then(async () => {
        server = await startServer();
      });
    }
  };
  expect(await survive(task, { onEnd, mend: () => change })).toEqual(WHOLE);
});

test('fault 1: calls while Postgres says nothing, not even no', async ({ task }) => {
  wire.block();
  expect(await survive(task, { mend: () => wire.mend() })).toEqual(WHOLE);
});

test('fault 1: calls while Postgres takes its time', async ({ task }) => {
  wire.slow(300);
  expect(await survive(task, { mend: () => wire.mend() })).toEqual(WHOLE);
});

test('fault 17: calls while Postgres has no connection left', async ({ task }) => {
  const limit = (connections: number) => asSuperuser(`ALTER DATABASE house CONNECTION LIMIT ${connections}`);
  await limit(0);
  wire.cut();
  wire.mend();
  expect(await survive(task, { mend: () => limit(-1) })).toEqual(WHOLE);
});

test.skipIf(!isMounted)('fault 8: calls while the disk of Postgres is full', async ({ task }) => {
  const ballast = path.join(disk, 'ballast');
  spawnSync('dd', ['if=/dev/zero', `of=${ballast}`, 'bs=1M'], { stdio: 'ignore' }); // until nothing more fits
  const mend = async () => {
    await rm(ballast);
    await server.release(); // it may have given up by itself
    server = await startServer();
  };
  expect(await survive(task, { mend })).toEqual(WHOLE);
});

test('fault 3: calls while the store takes nothing', async ({ task }) => {
  const store = path.join(app.workspace, '.data', 'storage', 'recordings');
  await rename(store, `${store}.away`);
  await writeFile(store, 'no folder');
  const mend = async () => {
    await rm(store);
    await rename(`${store}.away`, store);
  };
  expect(await survive(task, { mend })).toEqual(WHOLE);
});

test('fault 2: calls while the limiter is down', async ({ task }) => {
  const other = await startApplication({ REDIS_URL: 'redis://127.0.0.1:1' });
  expect(await survive(task, { at: other })).toEqual(WHOLE);
  await other.stop();
});

test('fault 9: calls while one auth token is changed for another', async ({ task }) => {
  const tokens = `${'1'.repeat(32)},${process.env.TWILIO_AUTH_TOKEN}`;
  const other = await startApplication({ TWILIO_AUTH_TOKEN: tokens });
  expect(await survive(task, { at: other })).toEqual(WHOLE);
  await other.stop();
});

test('fault 15: calls while the mail server is down', async ({ task }) => {
  const mail = await startMailServer();
  await mail.stop();
  const other = await startApplication({ SMTP_URL: mail.url, MAIL_FROM: 'phone@example.com' });
  let back = mail;
  const mend = async () => {
    back = await startMailServer(Number(new URL(mail.url).port));
  };
  expect(await survive(task, { at: other, mend })).toEqual(WHOLE);
  expect(back.heard.filter((line) => line.startsWith('RCPT'))).toHaveLength(CALLS);
  await other.stop();
  await back.stop();
});

test('fault 6: calls while the application is killed and starts again', async ({ task }) => {
  let ended = 0;
  let restarted: Promise<void> = Promise.resolve();
  const onEnd = () => {
    ended += 1;
    if (ended === Math.round(CALLS * 0.3)) restarted = app.killAndRestart();
  };
  expect(await survive(task, { onEnd, mend: () => restarted })).toEqual(WHOLE);
});

const all = { status: 1, recording: 1, transcription: 1 };
const NETWORK: readonly (readonly [what: string, faults: Faults])[] = [
  ['fault 5: calls while everything comes twice, at once', { twice: { voice: 1, action: 1, ...all } }],
  ['fault 5: calls while callbacks overtake each other', { shuffled: 600 }],
  [
    'fault 5: calls while callbacks come half an hour late',
    { late: { status: 1800, recording: 1800, transcription: 1800 } },
  ],
  ['fault 5: calls while no callback reaches us', { lost: { action: 1, ...all } }],
  ['fault 4: calls while Twilio has too much to do (429)', { rest: { answer: 429, retryAfter: 1, share: 0.3 } }],
  ['fault 4: calls while Twilio has errors (500)', { rest: { answer: 500, share: 0.3 } }],
  ['fault 4: calls while Twilio breaks off in the middle of its answers', { rest: { answer: 'cut off', share: 0.3 } }],
];

test.for(NETWORK)('%s', async ([, faults], { task }) => {
  app.network.fail(faults);
  expect(await survive(task)).toEqual(WHOLE);
});

test('fault 5: calls whose callers hang up in the middle of anything', async ({ task }) => {
  const random = seeded('hang up');
  const callers = callersOf(number, CALLS, tenMinutesAgo()).map((caller) => ({
    ...caller,
    hangUpAfter: random.between(1, 60),
  }));
  expect(await survive(task, { callers })).toEqual(WHOLE);
});
