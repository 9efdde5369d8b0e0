/** The clock starts what it may start, and whoever watches over us learns what they may know. */
import { NextRequest } from 'next/server';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { GET as cron } from '@/app/api/cron/[job]/route';
import { GET as health } from '@/app/api/health/route';
import { newId } from '@/lib/platform/clock';
import { database } from '@/lib/platform/db';
import { testDatabase } from '@/tests/support/database';
import { ownerClient } from '@/tests/support/rows';

const { owner: ownerUrl } = await testDatabase();
const owner = ownerClient(ownerUrl);
const secret = { authorization: `Bearer ${process.env.CRON_SECRET}` };

beforeEach(async () => {
  await owner.job.deleteMany();
  await owner.jobRun.deleteMany();
});
afterAll(async () => {
  await owner.$disconnect();
  await database().prisma.$disconnect();
  await database().pool.end();
});

const request = (path: string, headers: Record<string, string>) =>
  new NextRequest(new URL(path, 'http://127.0.0.1:3000'), { headers });
const run = (job: string, headers: Record<string, string> = {}) =>
  cron(request(`/api/cron/${job}`, headers), { params: Promise.resolve({ job }) });
const look = (headers: Record<string, string> = {}) => health(request('/api/health', headers));
const aJob = (more: { deadAt?: Date } = {}) =>
  owner.job.create({
    data: {
      id: newId(),
      kind: 'alert',
      key: newId(),
      payload: { alert: 'job_dead', reference: newId() },
      runAt: new Date(Date.now() - 60_000),
      ...more,
    },
  });
const withoutJobs = async (act: () => Promise<void>) => {
  await owner.$executeRawUnsafe('ALTER TABLE jobs RENAME TO jobs_away');
  try {
    await act();
  } finally {
    await owner.$executeRawUnsafe('ALTER TABLE jobs_away RENAME TO jobs');
  }
};

describe('the clock', () => {
  test('has what is left over worked off, and says how it went', async () => {
    await aJob();
    const response = await run('sweep', secret);
    expect([response.status, await response.json()]).toEqual([
      200,
      { job: 'sweep', done: 1, again: 0, dead: 0, lost: 0 },
    ]);
  });

  test('is believed by its secret alone', async () => {
    await aJob();
    for (const headers of [
      {},
      { authorization: 'Bearer ' },
      { authorization: `Basic ${process.env.CRON_SECRET}` },
      { authorization: `${secret.authorization}x` },
    ]) {
      expect((await run('sweep', headers as Record<string, string>)).status).toBe(401);
    }
    expect(await owner.job.count({ where: { doneAt: null } })).toBe(1);
  });

  test('starts nothing that does not exist', async () => {
    for (const job of ['sleep', 'constructor', '__proto__']) expect((await run(job, secret)).status).toBe(404);
  });

  test('learns that a job could not be run', async () => {
    await withoutJobs(async () => expect((await run('sweep', secret)).status).toBe(500));
  });
});

describe('health', () => {
  test('is one word for everybody', async () => {
    const response = await look();
    expect([response.status, await response.json()]).toEqual([200, { status: 'ok' }]);
  });

  test('has figures for the holder of the cron secret', async () => {
    await aJob();
    await aJob({ deadAt: new Date() });
    const body = await (await look(secret)).json();
    expect(body).toMatchObject({ status: 'ok', jobs: { due: 1, dead: 1 } });
    expect(body.jobs.oldestSeconds).toBeGreaterThanOrEqual(60);
  });
});
