/** What the operator sees of the jobs, and may do about them. */
import { afterAll, beforeEach, expect, test } from 'vitest';
import { listClockJobs } from '@/lib/jobs/list-clock-jobs';
import { startByHand } from '@/lib/jobs/start-by-hand';
import { tryAgain } from '@/lib/jobs/try-again';
import { newId, now } from '@/lib/platform/clock';
import { database } from '@/lib/platform/db';
import { Refusal } from '@/lib/platform/errors';
import type { Operator, Visit } from '@/lib/platform/visit';
import { clockJobNames } from '@/lib/rules/clock-jobs';
import { testDatabase } from '@/tests/support/database';
import { makePerson, ownerClient } from '@/tests/support/rows';
import { asOperator } from '@/tests/support/visits';

const { owner: ownerUrl } = await testDatabase();
const owner = ownerClient(ownerUrl);
let admin: Awaited<ReturnType<typeof makePerson>>;
const minutesAgo = (minutes: number) => new Date(now().getTime() - minutes * 60_000);
const list = () => asOperator(admin.sessionId, listClockJobs, undefined);

beforeEach(async () => {
  admin = await makePerson(owner, { role: 'admin' });
  await owner.job.deleteMany();
  await owner.jobRun.deleteMany();
});
afterAll(async () => {
  await owner.$disconnect();
  await database().prisma.$disconnect();
  await database().pool.end();
});

test('every job of the clock is listed, with its newest runs first, how it stands, and when it is next', async () => {
  for (let n = 0; n < 32; n++)
    await owner.jobRun.create({
      data: {
        id: newId(),
        job: 'seal-audit',
        startedAt: minutesAgo(10 + n),
        leasedUntil: minutesAgo(9 + n),
        endedAt: minutesAgo(9 + n),
        ...(n === 0 ? { outcome: 'failed', error: 'TypeError' } : { outcome: 'done', counts: { entries: n } }),
      },
    });
  await owner.jobRun.create({
    data: { id: newId(), job: 'sweep', startedAt: minutesAgo(30), leasedUntil: minutesAgo(-2) },
  });
  const { jobs, givenUp } = await list();
  expect(jobs.map(({ name }) => name)).toEqual(clockJobNames);
  const seals = jobs.find(({ name }) => name === 'seal-audit');
  expect(seals?.runs.length).toBe(30);
  expect(seals?.runs.slice(0, 2)).toMatchObject([
    { outcome: 'failed', error: 'TypeError' },
    { outcome: 'done', counts: { entries: 1 } },
  ]);
  expect(seals?.next.getTime()).toBeGreaterThan(now().getTime());
  expect(jobs.find(({ name }) => name === 'sweep')).toMatchObject({ isRunning: true, isLate: true });
  expect(jobs.find(({ name }) => name === 'watch')).toMatchObject({ isRunning: false, runs: [] });
  expect(givenUp).toEqual([]);
});

const job = (more: { kind: string; deadAt?: Date; lastError?: string }) =>
  owner.job.create({ data: { id: newId(), key: newId(), runAt: minutesAgo(90), attempts: 8, ...more } });

test('jobs that were given up are shown by kind and error, and tried again from the beginning, and no others', async () => {
  const dead = { kind: 'tell_people', deadAt: minutesAgo(5), lastError: 'MailError' };
  const [first] = [await job(dead), await job(dead), await job({ ...dead, lastError: 'Error' })];
  const [other, waiting] = [await job({ ...dead, kind: 'alert' }), await job({ kind: 'tell_people' })];
  const shown = (await list()).givenUp.map(({ kind, error, count }) => [kind, error, count]);
  expect(shown.toSorted()).toEqual([
    ['alert', 'MailError', 1],
    ['tell_people', 'Error', 1],
    ['tell_people', 'MailError', 2],
  ]);
  expect(await asOperator(admin.sessionId, tryAgain, { kind: 'tell_people' })).toBe(3);
  const after = await owner.job.findFirstOrThrow({ where: { id: first?.id } });
  expect(after).toMatchObject({ deadAt: null, attempts: 0 });
  expect(after.runAt.getTime()).toBeGreaterThan(minutesAgo(1).getTime());
  expect(await owner.job.findFirstOrThrow({ where: { id: other.id } })).toEqual(other);
  expect(await owner.job.findFirstOrThrow({ where: { id: waiting.id } })).toEqual(waiting);
  await expect(asOperator(admin.sessionId, tryAgain, { kind: 'tell_people' })).rejects.toThrow(Refusal);
});

test('who starts a job, or has jobs tried again, is on the trail', async () => {
  await job({ kind: 'tell_people', deadAt: minutesAgo(5) });
  expect(await asOperator(admin.sessionId, startByHand, { job: 'sweep' })).toBe('sweep');
  await asOperator(admin.sessionId, tryAgain, { kind: 'tell_people' });
  const entries = await owner.auditLog.findMany({ where: { userId: admin.id, action: { startsWith: 'job.' } } });
  expect(entries.map(({ action, resourceId }) => [action, resourceId]).toSorted()).toEqual([
    ['job.retry', 'tell_people'],
    ['job.start', 'sweep'],
  ]);
});

test('the operator changes nothing else about a job: neither what it does nor whether it was done', async () => {
  const { id } = await job({ kind: 'tell_people', deadAt: minutesAgo(5) });
  const waiting = await job({ kind: 'tell_people' });
  const change = (data: object, which = id) =>
    asOperator(
      admin.sessionId,
      ({ tx }: Visit<Operator>) => tx.job.updateMany({ where: { id: which }, data }),
      undefined,
    );
  await expect(change({ payload: { callId: newId() } })).rejects.toThrow(/denied/);
  await expect(change({ doneAt: now() })).rejects.toThrow(/denied/);
  expect(await change({ attempts: 0, runAt: now() }, waiting.id)).toEqual({ count: 0 });
});
