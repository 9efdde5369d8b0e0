/** What must not go wrong with what is deleted: a process that is killed, clocks that lie, two at once, a store that is away. */
import { existsSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeEach, expect, test, vi } from 'vitest';
import { startClockJob } from '@/lib/jobs/start-clock-job';
import { newId } from '@/lib/platform/clock';
import { database } from '@/lib/platform/db';
import { seal } from '@/lib/platform/sealing';
import { storage, storageKey } from '@/lib/platform/storage';
import { KEPT_DAYS, MOST_CLOCK_DIFFERENCE_MS } from '@/lib/rules/retention';
import { testDatabase } from '@/tests/support/database';
import { killAtRandom } from '@/tests/support/killed-job';
import { freshSid, makeBusiness, makeCall, ownerClient } from '@/tests/support/rows';

/** A store that is away while this says so. */
const store = vi.hoisted(() => ({ isAway: false }));
vi.mock('@/lib/platform/storage', async (original) => {
  const real = await original<typeof import('@/lib/platform/storage')>();
  return {
    ...real,
    storage: (bucket: 'recordings' | 'backups') => ({
      ...real.storage(bucket),
      delete: (key: string) =>
        store.isAway ? Promise.reject(new Error('the store is away')) : real.storage(bucket).delete(key),
    }),
  };
});
/** How fast this machine's clock is. */
const clock = vi.hoisted(() => ({ fast: 0 }));
vi.mock('@/lib/platform/clock', async (original) => {
  const real = await original<typeof import('@/lib/platform/clock')>();
  return { ...real, now: () => new Date(Date.now() + clock.fast) };
});

const { owner: ownerUrl } = await testDatabase();
process.chdir(mkdtempSync(path.join(tmpdir(), 'aftercallpro-')));
const owner = ownerClient(ownerUrl);

beforeEach(async () => {
  await owner.business.deleteMany();
  await owner.job.deleteMany();
  for (const key of await files()) await storage('recordings').delete(key);
});
afterEach(() => {
  clock.fast = 0;
  store.isAway = false;
});
afterAll(async () => {
  await owner.$disconnect();
  await database().prisma.$disconnect();
  await database().pool.end();
});

const day = 86_400_000;
const hour = 3_600_000;
const ago = (milliseconds: number) => new Date(Date.now() - milliseconds);
const files = async () => {
  const keys = [];
  for await (const { key } of storage('recordings').list('')) keys.push(key);
  return keys;
};

/** Calls of then, each with a recording that is here and a transcript. */
async function calls(businessId: string, many: number, startedAt: Date, status: 'stored' | 'settled' = 'settled') {
  for (let n = 0; n < many; n += 1) {
    const call = await makeCall(owner, businessId, { startedAt });
    const home = { businessId, callId: call.id };
    const id = newId();
    const key = storageKey(businessId, 'recordings', id);
    await storage('recordings').put(key, new Blob(['voice']).stream());
    await owner.recording.create({
      data: {
        ...home,
        id,
        recordingSid: freshSid('RE'),
        seconds: 9,
        status,
        storageKey: key,
        contentType: 'audio/wav',
        bytes: 5,
        sha256: new Uint8Array(32),
        createdAt: startedAt,
        storedAt: startedAt,
        remoteDeletedAt: status === 'settled' ? startedAt : null,
      },
    });
    const transcript = { ...home, id: newId(), recordingSid: freshSid('RE'), status: 'completed' as const };
    await owner.transcript.create({
      data: { ...seal('Transcript', { ...transcript, text: 'Hi' }), createdAt: startedAt },
    });
  }
}

/** Rows that claim a file that is not there, and files that no row knows of. */
async function lost() {
  const rows = await owner.recording.findMany({ select: { businessId: true, id: true, status: true } });
  const known = new Set(rows.map(({ businessId, id }) => storageKey(businessId, 'recordings', id)));
  const claims = rows.filter(({ status }) => status !== 'removing');
  return {
    claimsWithoutFile: claims.filter(
      ({ businessId, id }) =>
        !existsSync(path.join('.data/storage/recordings', storageKey(businessId, 'recordings', id))),
    ).length,
    filesWithoutRow: (await files()).filter((key) => !known.has(key)).length,
  };
}

test('fault 6: killed at twenty random moments, retention leaves no file that nobody finds and no row that claims one, and ends where it would have', async () => {
  const between: object[] = [];
  const { undisturbed, ends } = await killAtRandom({
    job: 'retention',
    owner,
    arrange: async () => {
      await owner.business.deleteMany();
      await owner.job.deleteMany();
      for (const key of await files()) await storage('recordings').delete(key);
      for (let n = 0; n < 3; n += 1) {
        const { id } = await makeBusiness(owner);
        await calls(id, 4, ago(400 * day), 'stored');
        await calls(id, 2, ago(40 * day));
        await calls(id, 1, ago(day));
      }
    },
    afterKill: async () => void between.push(await lost()),
    look: async () => ({
      files: (await files()).length,
      recordings: await owner.recording.count(),
      transcripts: await owner.transcript.count(),
      calls: await owner.call.count(),
      anonymised: await owner.call.count({ where: { anonymised: true } }),
      wanted: await owner.job.count({ where: { kind: 'erase_remote_recording' } }),
      ...(await lost()),
    }),
  });
  expect(undisturbed).toEqual({
    files: 3,
    recordings: 3,
    transcripts: 9,
    calls: 21,
    anonymised: 12,
    wanted: 12,
    claimsWithoutFile: 0,
    filesWithoutRow: 0,
  });
  for (const end of ends) expect(end).toEqual(undisturbed);
  for (const state of between) expect(state).toEqual({ claimsWithoutFile: 0, filesWithoutRow: 0 });
}, 300_000);

test('fault 6: killed at twenty random moments, anonymisation leaves no call half anonymous, and ends where it would have', async () => {
  const halfway: number[] = [];
  const { undisturbed, ends } = await killAtRandom({
    job: 'anonymise',
    owner,
    arrange: async () => {
      await owner.business.deleteMany();
      await owner.job.deleteMany();
      for (let n = 0; n < 3; n += 1) {
        const { id } = await makeBusiness(owner);
        for (let calls = 0; calls < 5; calls += 1) {
          const startedAt = ago(400 * day);
          const call = await makeCall(owner, id, { startedAt });
          const event = { key: 'k', kind: 'greeted', at: startedAt };
          await owner.callEvent.create({ data: { businessId: id, id: newId(), callId: call.id, ...event } });
        }
        await makeCall(owner, id, { startedAt: ago(300 * day) });
      }
    },
    // A call that is somebody's still has its history, and one that is nobody's has none.
    afterKill: async () =>
      void halfway.push(
        (await owner.callEvent.count()) - (await owner.call.count({ where: { anonymised: false } })) + 3,
      ),
    look: async () => ({
      anonymised: await owner.call.count({ where: { anonymised: true } }),
      known: await owner.call.count({ where: { anonymised: false } }),
      events: await owner.callEvent.count(),
    }),
  });
  expect(undisturbed).toEqual({ anonymised: 15, known: 3, events: 0 });
  for (const end of ends) expect(end).toEqual(undisturbed);
  for (const difference of halfway) expect(difference).toBe(0);
}, 300_000);

test.each([
  ['fast', hour],
  ['slow', -hour],
])('fault 7: with a clock that is an hour %s nothing goes early, and nothing more than that late', async (_, fast) => {
  const { id } = await makeBusiness(owner);
  const over = KEPT_DAYS.recording * day;
  await calls(id, 1, ago(over - 60_000)); // a minute to go by the right clock
  await calls(id, 1, ago(over + hour + 60_000)); // over by the slower of the two
  clock.fast = fast;
  await startClockJob('retention');
  expect(await owner.recording.count()).toBe(1);
  expect(await owner.recording.count({ where: { createdAt: { gt: ago(over) } } })).toBe(1);
});

test('fault 7: with clocks that are further apart than clocks are, nothing goes, and the operator is told', async () => {
  const { id } = await makeBusiness(owner);
  await calls(id, 1, ago(400 * day));
  clock.fast = MOST_CLOCK_DIFFERENCE_MS + 60_000;
  await expect(startClockJob('retention')).rejects.toThrow('hours apart');
  expect(await owner.recording.count()).toBe(1);
  expect(await owner.job.count({ where: { kind: 'alert' } })).toBe(1);
});

test('fault 10: of two at once one does the work, and the other says so', async () => {
  const { id } = await makeBusiness(owner);
  await calls(id, 5, ago(400 * day));
  for (const job of ['retention', 'anonymise'] as const) {
    const outcomes = await Promise.all([startClockJob(job), startClockJob(job)]);
    expect(outcomes.filter((outcome) => 'running' in outcome)).toHaveLength(1);
  }
  expect(await owner.auditLog.findMany({ where: { businessId: id, action: 'recording.delete' } })).toHaveLength(1);
  expect(await owner.call.count({ where: { anonymised: true } })).toBe(5);
});

test('fault 3: with the store away nothing claims a file that may be gone, and the next run deletes it', async () => {
  const { id } = await makeBusiness(owner);
  await calls(id, 2, ago(40 * day));
  store.isAway = true;
  await expect(startClockJob('retention')).rejects.toThrow('the store is away');
  expect(await owner.recording.findMany({ select: { status: true } })).toEqual([
    { status: 'removing' },
    { status: 'removing' },
  ]);
  expect(await files()).toHaveLength(2);
  store.isAway = false;
  expect(await startClockJob('retention')).toMatchObject({ recordings: 2 });
  expect(await owner.recording.count()).toBe(0);
  expect(await files()).toEqual([]);
});
