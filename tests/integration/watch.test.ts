/** What does not happen is noticed, and told once. */
import { afterAll, beforeEach, expect, test } from 'vitest';
import { watch } from '@/lib/jobs/watch';
import { newId, now } from '@/lib/platform/clock';
import { database } from '@/lib/platform/db';
import { enterAsSystem } from '@/lib/platform/enter';
import { servedClockJobs } from '@/lib/rules/clock-jobs';
import { testDatabase } from '@/tests/support/database';
import { makeBusiness, makeCall, ownerClient } from '@/tests/support/rows';
import { clockRun } from '@/tests/support/trail';

const { owner: ownerUrl } = await testDatabase();
const owner = ownerClient(ownerUrl);
const HOUR = 3_600_000;
const ago = (hours: number) => new Date(now().getTime() - hours * HOUR);

let businessId: string;
beforeEach(async () => {
  await owner.job.deleteMany();
  await owner.jobRun.deleteMany();
  await owner.business.deleteMany();
  businessId = (await makeBusiness(owner)).id;
});
afterAll(async () => {
  await owner.$disconnect();
  await database().prisma.$disconnect();
  await database().pool.end();
});

const alerts = async () => (await owner.job.findMany({ orderBy: { createdAt: 'asc' } })).map(({ payload }) => payload);
const ran = (job: string, hours: number) =>
  owner.jobRun.create({
    data: { id: newId(), job, startedAt: ago(hours), endedAt: ago(hours), leasedUntil: ago(hours), outcome: 'done' },
  });

test('a job that did not start is told of once for each time that it missed, and one that keeps its time is not', async () => {
  for (const job of servedClockJobs) if (job !== 'sweep' && job !== 'seal-audit') await ran(job, 0.01);
  await ran('sweep', 0.5);
  await ran('seal-audit', 0.5);
  expect(await watch(clockRun())).toMatchObject({ late: 1 });
  expect(await watch(clockRun())).toMatchObject({ late: 1 });
  expect(await alerts()).toEqual([{ alert: 'clock_job_late', reference: 'sweep' }]);
  await ran('sweep', 0.4);
  await watch(clockRun());
  expect(await alerts()).toHaveLength(2);
});

test('a job that never ran is late by when the clock first ran at all, and before that there is no clock', async () => {
  expect(await watch(clockRun())).toMatchObject({ late: 0 });
  await ran('sweep', 5);
  await ran('sweep', 0.01);
  await watch(clockRun());
  expect(await alerts()).toContainEqual({ alert: 'clock_job_late', reference: 'seal-audit' });
});

/** A call that is over, and what happened on it. */
async function call(endedHoursAgo: number, ...kinds: string[]) {
  const made = await makeCall(owner, businessId, { startedAt: ago(endedHoursAgo + 0.1) });
  await owner.call.updateMany({ where: { id: made.id }, data: { endedAt: ago(endedHoursAgo) } });
  await owner.callEvent.createMany({
    data: kinds.map((kind) => ({ businessId, id: newId(), callId: made.id, key: kind, kind, at: ago(endedHoursAgo) })),
  });
  return made.id;
}

test('a message that was left and is not here is told of, once a day for a business, and those that are here are not', async () => {
  await call(3, 'message_left', 'recorded', 'saved');
  await call(3, 'message_left', 'recording_absent');
  await call(1, 'message_left'); // it may be on its way
  await call(70, 'message_left'); // told of long ago
  expect(await watch(clockRun())).toMatchObject({ unsaved: 0 });
  await call(4, 'message_left', 'recorded');
  const newest = await call(3, 'message_left');
  expect(await watch(clockRun())).toMatchObject({ unsaved: 1 });
  await watch(clockRun());
  expect(await alerts()).toEqual([{ alert: 'message_missing', reference: newest }]);
});

test('a line that is quiet for longer than is usual is told of once a silence, a suspended one never', async () => {
  for (let n = 0; n < 20; n++) await makeCall(owner, businessId, { startedAt: ago(40 + n * 6) });
  expect(await watch(clockRun({ isDryRun: true }))).toMatchObject({ quiet: 1 });
  expect(await alerts()).toEqual([]);
  await watch(clockRun());
  await watch(clockRun());
  expect(await alerts()).toEqual([{ alert: 'line_quiet', reference: businessId }]);
  await makeCall(owner, businessId, { startedAt: ago(1) });
  expect(await watch(clockRun())).toMatchObject({ quiet: 0 });
  await owner.call.deleteMany({ where: { startedAt: { gt: ago(2) } } });
  await owner.business.updateMany({ data: { suspendedAt: now() } });
  expect(await watch(clockRun())).toMatchObject({ quiet: 0 });
});

test('alerts are wanted by the clock alone: a run that lost its lease wants none', async () => {
  for (let n = 0; n < 20; n++) await makeCall(owner, businessId, { startedAt: ago(40 + n * 6) });
  let transactions = 0;
  const lost = clockRun({
    asSystem: (run) => {
      transactions += 1;
      if (transactions > 4) return Promise.reject(new Error('the lease of this run is over'));
      return enterAsSystem(now(), run);
    },
  });
  await expect(watch(lost)).rejects.toThrow('lease');
  expect(await alerts()).toEqual([]);
});
