/** The month's minutes: what the owners are shown, and when they are told. */
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeEach, expect, test } from 'vitest';
import { readUsage } from '@/lib/businesses/read-usage';
import { settleCall } from '@/lib/calls/settle-call';
import { sweep } from '@/lib/jobs/run-jobs';
import { database } from '@/lib/platform/db';
import { enterByCall } from '@/lib/platform/enter';
import { readOutbox } from '@/lib/platform/mail';
import { testDatabase } from '@/tests/support/database';
import { makeBusiness, makeCall, makePerson, ownerClient } from '@/tests/support/rows';
import { asMember } from '@/tests/support/visits';

const { owner: ownerUrl } = await testDatabase();
const owner = ownerClient(ownerUrl);
process.chdir(mkdtempSync(path.join(tmpdir(), 'aftercallpro-')));

const at = new Date('2026-11-22T21:00:00Z');
let business: Awaited<ReturnType<typeof makeBusiness>>;
let olive: Awaited<ReturnType<typeof makePerson>>;
beforeEach(async () => {
  await owner.job.deleteMany();
  business = await makeBusiness(owner, { name: 'Sunrise Clinic' });
  await owner.business.update({ where: { id: business.id }, data: { monthlyMinutesLimit: 30 } });
  olive = await makePerson(owner, { at, member: { businessId: business.id, role: 'business_owner' } });
});
afterAll(async () => {
  await owner.$disconnect();
  await database().prisma.$disconnect();
  await database().pool.end();
});

/** A call that took so many seconds, and ends now. */
async function took(seconds: number, startedAt = at): Promise<void> {
  const { id, callSid } = await makeCall(owner, business.id, { startedAt });
  await enterByCall(callSid, { ipAddress: null, userAgent: null }, at, (visit) =>
    settleCall(visit, id, { reported: 'completed', startedAt, seconds }),
  );
}
/** What the mails to an owner are about. */
async function told(email = olive.email): Promise<readonly string[]> {
  await sweep();
  return (await readOutbox()).filter(({ to }) => to === email).map(({ subject }) => subject);
}
const at80 = 'Sunrise Clinic has used 80 % of its minutes for November';
const at100 = 'Sunrise Clinic has used all minutes of November';

test('owners are told when 80 % are reached and when all are, once each, and staff are not', async () => {
  const staff = await makePerson(owner, { member: { businessId: business.id, role: 'staff' } });
  const otto = await makePerson(owner, { member: { businessId: business.id, role: 'business_owner' } });
  await took(24 * 60 - 1);
  expect(await told()).toEqual([]);
  await took(60);
  await took(60);
  expect(await told()).toEqual([at80]);
  await took(6 * 60);
  await took(60);
  for (const { email } of [olive, otto]) expect((await told(email)).toSorted()).toEqual([at80, at100]);
  expect(await told(staff.email)).toEqual([]);
});

test('of two marks that one call passes, the higher one is told', async () => {
  await took(31 * 60);
  expect(await told()).toEqual([at100]);
});

test('two calls that end at the same moment make one mail', async () => {
  await Promise.all([took(25 * 60), took(25 * 60)]);
  await took(20);
  expect((await told()).filter((subject) => subject === at100)).toHaveLength(1);
});

test('a new limit, and a new month, are news again', async () => {
  await took(25 * 60);
  await owner.business.update({ where: { id: business.id }, data: { monthlyMinutesLimit: 60 } });
  await took(60);
  expect(await told()).toEqual([at80]);
  await took(25 * 60);
  expect(await told()).toEqual([at80, at80]);
  await took(50 * 60, new Date('2026-12-02T10:00:00Z'));
  expect((await told()).toSorted()).toEqual(['Sunrise Clinic has used 80 % of its minutes for December', at80, at80]);
});

test('a mail says how many minutes there are, and of nobody who called', async () => {
  await took(31 * 60);
  await sweep();
  const [mail] = (await readOutbox()).filter(({ to }) => to === olive.email);
  expect(mail?.text).toContain('all of its 30 minutes for November');
  expect(mail?.text).toContain('http://127.0.0.1:3000/dashboard/usage');
  expect(mail?.text).not.toMatch(/\d{7}/);
});

test('an owner sees the month day by day in the business’s own zone, and what was not charged and why', async () => {
  const call = async (iso: string, charged: number, more: object = {}) => {
    const { id } = await makeCall(owner, business.id, { startedAt: new Date(iso) });
    await owner.call.updateMany({ where: { id }, data: { secondsUsed: 100, secondsCharged: charged, ...more } });
  };
  await call('2026-11-01T03:59:00Z', 100); // the last minute of October in New York
  await call('2026-11-01T04:00:00Z', 100);
  await call('2026-11-02T04:30:00Z', 60); // the clocks went back: still the first
  await call('2026-11-02T05:30:00Z', 0, { uncharged: 'silent' });
  await call('2026-11-20T20:00:00Z', 0, { uncharged: 'robot' });
  await call('2026-11-20T21:00:00Z', 0, { uncharged: 'robot' });
  const view = await asMember(olive.sessionId, readUsage, { month: 'this' as const }, at);
  expect(view.usage).toEqual({ minutes: 3, limit: 30, percent: 8 });
  expect(view.days).toHaveLength(30);
  expect(view.days.filter(({ calls }) => calls > 0)).toEqual([
    { day: '2026-11-01', calls: 2, seconds: 160 },
    { day: '2026-11-02', calls: 1, seconds: 0 },
    { day: '2026-11-20', calls: 2, seconds: 0 },
  ]);
  expect(view.free.toSorted((a, b) => a.why.localeCompare(b.why))).toEqual([
    { why: 'hold', calls: 1, seconds: 40 },
    { why: 'robot', calls: 2, seconds: 200 },
    { why: 'silent', calls: 1, seconds: 100 },
  ]);
  const last = await asMember(olive.sessionId, readUsage, { month: 'last' as const }, at);
  expect([last.month.name, last.days.length, last.calls]).toEqual(['2026-10', 31, 1]);
});

test('a business sees its own minutes and nobody else’s', async () => {
  await took(60);
  business = await makeBusiness(owner);
  const other = await makePerson(owner, { at, member: { businessId: business.id, role: 'business_owner' } });
  const view = await asMember(other.sessionId, readUsage, { month: 'this' as const }, at);
  expect([view.calls, view.free, view.notices]).toEqual([0, [], []]);
});
