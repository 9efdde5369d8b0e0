/** What the clock starts runs once at a time, is written down, and tells the operator when it fails. */
import { afterAll, beforeEach, expect, test } from 'vitest';
import type { ClockRun } from '@/lib/jobs/clock-job';
import { runClockJob } from '@/lib/jobs/run-clock-job';
import { startClockJob } from '@/lib/jobs/start-clock-job';
import { newId } from '@/lib/platform/clock';
import { database } from '@/lib/platform/db';
import { testDatabase } from '@/tests/support/database';
import { ownerClient } from '@/tests/support/rows';

const { owner: ownerUrl } = await testDatabase();
const owner = ownerClient(ownerUrl);

beforeEach(async () => {
  await owner.jobRun.deleteMany();
  await owner.job.deleteMany();
});
afterAll(async () => {
  await owner.$disconnect();
  await database().prisma.$disconnect();
  await database().pool.end();
});

const lastRun = () => owner.jobRun.findFirstOrThrow({ orderBy: { startedAt: 'desc' } });
const alerts = () => owner.job.count({ where: { kind: 'alert' } });
/** A run that has begun and not ended. */
const begun = (leasedUntil: Date) =>
  owner.jobRun.create({ data: { id: newId(), job: 'sweep', startedAt: new Date(), leasedUntil } });
const inTwoMinutes = () => new Date(Date.now() + 120_000);

test('a run is written down with what it did', async () => {
  expect(await runClockJob('sweep', async () => ({ done: 3 }))).toEqual({ done: 3 });
  expect(await lastRun()).toMatchObject({ job: 'sweep', outcome: 'done', counts: { done: 3 }, error: null });
});

test('V2.3.4 fault 10: of twenty starts at once one works, and the others say that it does and do nothing', async () => {
  let works = 0;
  let finish = () => {};
  const until = new Promise<void>((resolve) => {
    finish = resolve;
  });
  const job = async () => {
    works += 1;
    await until;
    return { done: 1 };
  };
  const starts = Array.from({ length: 20 }, () => runClockJob('sweep', job));
  const turnedAway: unknown[] = [];
  for (const start of starts) void start.then((how) => turnedAway.push(how) === 19 && finish());
  expect((await Promise.all(starts)).filter((how) => 'done' in how)).toEqual([{ done: 1 }]);
  expect(works).toBe(1);
});

test('a run that fails says so in its record, without what the error said, and alerts the operator once an hour', async () => {
  const fails = () => runClockJob('sweep', () => Promise.reject(new TypeError('a caller said so')));
  await expect(fails()).rejects.toThrow(TypeError);
  await expect(fails()).rejects.toThrow(TypeError);
  expect(await lastRun()).toMatchObject({ outcome: 'failed', error: 'TypeError' });
  expect(await alerts()).toBe(1);
});

test('a run that was killed is written down as cut off by the next one, which takes its turn, and the operator is told', async () => {
  const { id } = await begun(new Date(Date.now() - 1));
  expect(await runClockJob('sweep', async () => ({ done: 0 }))).toEqual({ done: 0 });
  expect(await owner.jobRun.findUniqueOrThrow({ where: { id } })).toMatchObject({ outcome: 'abandoned' });
  expect(await alerts()).toBe(1);
});

test('a run whose lease has passed on writes nothing more', async () => {
  const late = async ({ id, asSystem }: ClockRun) => {
    await owner.jobRun.update({ where: { id }, data: { endedAt: new Date(), outcome: 'abandoned' } });
    await asSystem(({ tx }) => tx.job.deleteMany());
    return {};
  };
  await expect(runClockJob('sweep', late)).rejects.toThrow('lease');
});

test('a dry run takes no turn, waits for none, and leaves no record', async () => {
  const { id } = await begun(inTwoMinutes());
  expect(await startClockJob('sweep', { isDryRun: true })).toEqual({ due: 0 });
  expect(await owner.jobRun.findMany({ select: { id: true } })).toEqual([{ id }]);
});

test('records of runs go after their time', async () => {
  const old = new Date(Date.now() - 3 * 86_400_000);
  await owner.jobRun.create({
    data: { id: newId(), job: 'sweep', startedAt: old, leasedUntil: old, endedAt: old, outcome: 'done' },
  });
  await runClockJob('sweep', async () => ({}));
  expect(await owner.jobRun.count()).toBe(1);
});
