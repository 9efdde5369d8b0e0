/** What breaks while the trail is written or sealed: nothing is done without its entry, and no entry is left unsealed. */
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeEach, expect, test, vi } from 'vitest';
import { keepLostSeals } from '@/lib/audit/keep-lost-seals';
import { markHeard } from '@/lib/calls/mark-heard';
import { startClockJob } from '@/lib/jobs/start-clock-job';
import { now } from '@/lib/platform/clock';
import { database } from '@/lib/platform/db';
import { enterAsSystem } from '@/lib/platform/enter';
import type { Bucket, Storage } from '@/lib/platform/storage';
import { testDatabase } from '@/tests/support/database';
import { makeBusiness, makeCall, makePerson, ownerClient } from '@/tests/support/rows';
import { clockRun, seal, tamper, verify, write } from '@/tests/support/trail';
import { asMember } from '@/tests/support/visits';

/** The life of the process: how many steps it has left. A step is what reaches outside it. */
const life = vi.hoisted(() => ({ left: Number.POSITIVE_INFINITY }));
const mortal = vi.hoisted(() => async <T>(act: () => Promise<T>): Promise<T> => {
  const step = () => {
    life.left -= 1;
    if (life.left < 0) throw new Error('killed');
  };
  step();
  const result = await act();
  step();
  return result;
});
vi.mock('@/lib/platform/storage', async (original) => {
  const real = await original<typeof import('@/lib/platform/storage')>();
  const storage = (bucket: Bucket): Storage => {
    const store = real.storage(bucket);
    return { ...store, put: (...args: Parameters<Storage['put']>) => mortal(() => store.put(...args)) };
  };
  return { ...real, storage };
});

const { owner: ownerUrl } = await testDatabase();
const owner = ownerClient(ownerUrl);
process.chdir(mkdtempSync(path.join(tmpdir(), 'aftercallpro-')));

let businessId: string;
beforeEach(async () => {
  life.left = Number.POSITIVE_INFINITY;
  businessId = (await makeBusiness(owner)).id;
});
afterAll(async () => {
  await owner.$disconnect();
  await database().prisma.$disconnect();
  await database().pool.end();
});

test('fault 6: sealing that is killed before or after any of its steps leaves each entry sealed once by the next run', async () => {
  const dies = () => clockRun({ asSystem: (run) => mortal(() => enterAsSystem(now(), run)) });
  let lives = 0;
  for (let isDone = false; !isDone; lives++) {
    const other = (await makeBusiness(owner)).id;
    for (const chain of [{ businessId }, { businessId: other }, {}]) await write(2, chain);
    life.left = lives;
    isDone = await seal(dies()).then(
      () => true,
      () => false,
    );
    life.left = Number.POSITIVE_INFINITY;
    expect(await verify()).toMatchObject({ fault: null }); // cut off, but nothing wrong
    await seal();
    expect(await verify()).toMatchObject({ fault: null, unsealed: 0, unstored: 0 });
  }
  expect(lives).toBeGreaterThan(10);
  const [sealed] = await owner.$queryRaw<{ entries: number; segments: number }[]>`
    SELECT count(*)::int AS entries, (SELECT sum(entries)::int FROM audit_segments) AS segments FROM audit_salts`;
  expect(sealed).toEqual({ entries: lives * 6, segments: lives * 6 });
}, 240_000);

test('fault 3: with the store away entries are sealed all the same, the run fails, and the next one brings their seals there', async () => {
  await write(2, { businessId });
  life.left = 0;
  await expect(startClockJob('seal-audit')).rejects.toThrow('killed');
  life.left = Number.POSITIVE_INFINITY;
  expect(await verify()).toMatchObject({ fault: null, unsealed: 0, unstored: 1 });
  expect(await owner.job.count({ where: { kind: 'alert' } })).toBe(1);
  expect(await startClockJob('seal-audit')).toMatchObject({ entries: 0, stored: 1 });
  expect(await verify()).toMatchObject({ fault: null, unstored: 0 });
});

test('fault 11: a database that is restored from before the newest seals goes on behind them, and says what was lost', async () => {
  const backUp = async (suffix: string) => {
    for (const table of ['audit_logs', 'audit_salts', 'audit_segments', 'audit_unsealed'])
      await owner.$executeRawUnsafe(`CREATE TABLE ${table}_${suffix} AS TABLE ${table}`);
  };
  const restore = (suffix: string) =>
    tamper(
      ownerUrl,
      'DELETE FROM audit_unsealed; DELETE FROM audit_salts; DELETE FROM audit_segments; DELETE FROM audit_logs',
      ...['audit_logs', 'audit_segments', 'audit_salts', 'audit_unsealed'].map(
        (table) => `INSERT INTO ${table} SELECT * FROM ${table}_${suffix}`,
      ),
    );
  await write(2, { businessId });
  await seal();
  await write(3, { businessId }); // in the backup, and not sealed yet
  await backUp('before');
  await seal();
  await write(4, { businessId });
  await seal();
  await backUp('after');
  await restore('before');
  expect((await verify()).fault).toMatchObject({ what: 'segment', how: 'removed', chain: businessId, number: 2 });
  expect((await verify(null)).fault).toBeNull(); // as in a drill, beside the store that has gone on
  expect(await keepLostSeals(clockRun())).toBe(2);
  await seal();
  expect(await verify()).toMatchObject({ fault: null, lost: 2, unsealed: 0 });
  const chain = await owner.auditSegment.findMany({ where: { chain: businessId }, orderBy: { number: 'asc' } });
  expect(chain.map(({ entries, lost }) => [entries, lost !== null])).toEqual([
    [2, false],
    [3, true],
    [4, true],
    [3, false],
  ]);
  // Whoever says so without the key is not believed.
  const [, , third] = chain;
  await tamper(
    ownerUrl,
    `UPDATE audit_segments SET lost = '${third?.lost}' WHERE chain = '${businessId}' AND number = 2`,
  );
  expect((await verify()).fault).toMatchObject({ what: 'entry', how: 'removed', chain: businessId, number: 2 });
  await tamper(
    ownerUrl,
    `UPDATE audit_segments SET lost = '${chain[1]?.lost}' WHERE chain = '${businessId}' AND number = 2`,
  );
});

test.each([
  ['the entry itself', 'audit_logs'],
  ['its place on the list of what is to be sealed', 'audit_unsealed'],
])('fault 18: a change whose entry cannot be written, since %s fails, is not made', async (_, table) => {
  const { id } = await makeCall(owner, businessId);
  const ana = await makePerson(owner, { member: { businessId, role: 'staff' } });
  const hear = () => asMember(ana.sessionId, markHeard, { id });
  await owner.$executeRawUnsafe(`ALTER TABLE ${table} ADD CONSTRAINT broken CHECK (false) NOT VALID`);
  await expect(hear()).rejects.toThrow(/broken/);
  await owner.$executeRawUnsafe(`ALTER TABLE ${table} DROP CONSTRAINT broken`);
  const heard = () => owner.call.findFirstOrThrow({ where: { id }, select: { heardBy: true } });
  expect(await heard()).toEqual({ heardBy: null });
  await hear();
  expect(await heard()).toEqual({ heardBy: ana.id });
});
