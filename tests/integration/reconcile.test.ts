/** What Twilio could not tell us of when it was there comes afterwards: all of it, and once. */
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeEach, expect, test } from 'vitest';
import { findOrBeginCall } from '@/lib/calls/find-or-begin-call';
import { startClockJob } from '@/lib/jobs/start-clock-job';
import { newId } from '@/lib/platform/clock';
import { database } from '@/lib/platform/db';
import { enterAsSystem, enterByCall } from '@/lib/platform/enter';
import { eraseCalls } from '@/lib/privacy/erase-calls';
import { startSimulator } from '@/simulator/simulator';
import { callersOf, placeCalls } from '@/tests/support/callers';
import { testDatabase } from '@/tests/support/database';
import { hostFallback } from '@/tests/support/fallback-host';
import { freshNumber, makeBusiness, makePerson, ownerClient } from '@/tests/support/rows';

const { owner: ownerUrl } = await testDatabase();
const owner = ownerClient(ownerUrl);
const elsewhere = await hostFallback();
const { TWILIO_ACCOUNT_SID: sid = '', TWILIO_AUTH_TOKEN: authToken = '' } = process.env;
// Nothing of ours answers: whoever calls hears what is hosted elsewhere.
const network = await startSimulator({
  appUrl: 'http://127.0.0.1:1',
  account: { sid, authToken },
  port: 0,
  voiceFallback: elsewhere.url,
});
process.env.TWILIO_API_BASE_URL = network.url;
process.chdir(mkdtempSync(path.join(tmpdir(), 'aftercallpro-')));

const DAY = 86_400_000;
const hoursAgo = (hours: number) => new Date(Date.now() - hours * 3_600_000);
const nowhere = { ipAddress: null, userAgent: null };
const nothing = { begun: 0, ended: 0, recordings: 0, transcripts: 0, again: 0, unopened: 0 };

let businessId: string;
let number: string;
beforeEach(async () => {
  await owner.job.deleteMany();
  await owner.jobRun.deleteMany();
  await startClockJob('reconcile'); // what tests before this one have left
  await owner.jobRun.deleteMany();
  ({ id: businessId, number } = await makeBusiness(owner));
  await makePerson(owner, { member: { businessId, role: 'business_owner' } });
  await owner.phoneRoute.update({ where: { number }, data: { createdAt: hoursAgo(20) } });
});
afterAll(async () => {
  await owner.$disconnect();
  await database().prisma.$disconnect();
  await database().pool.end();
  await network.close();
  await elsewhere.stop();
});

const place = (count: number, at: Date, to = number) => placeCalls(network, callersOf(to, count, at), 1);
const rows = () =>
  owner.call.findMany({
    where: { businessId },
    include: { events: { orderBy: { key: 'asc' } }, recordings: true },
    orderBy: { startedAt: 'asc' },
  });

test('a call of which no request reached us is here afterwards with its message and its words, once', async () => {
  const at = hoursAgo(2);
  const [call] = await place(1, at);
  expect(await startClockJob('reconcile', { isDryRun: true })).toEqual({ ...nothing, begun: 1 });
  expect(await rows()).toEqual([]);
  expect(await startClockJob('reconcile')).toEqual({ ...nothing, begun: 1, recordings: 1, transcripts: 1 });
  expect(await startClockJob('reconcile')).toEqual(nothing);
  const [row, ...others] = await rows();
  expect(others).toEqual([]);
  expect(row).toMatchObject({
    callSid: call?.callSid,
    status: 'completed',
    intent: 'message',
    secondsUsed: call?.ended.seconds,
    recordings: [{ recordingSid: call?.recordings[0]?.sid, status: 'pending' }],
  });
  // Twilio writes whole seconds.
  expect(Math.abs(Number(row?.startedAt) - Number(at))).toBeLessThan(1000);
  expect(row?.events.map(({ kind }) => kind)).toEqual(['caught_up', 'ended', 'recorded', 'transcribed']);
  const wanted = await owner.job.findMany({ where: { businessId }, select: { kind: true } });
  expect(wanted.map(({ kind }) => kind).toSorted()).toEqual([
    'delete_remote_transcription',
    'fetch_recording',
    'tell_people',
  ]);
});

test('a call whose end was not told ends when it did', async () => {
  const at = hoursAgo(3);
  const [call] = await place(1, at);
  const callSid = call?.callSid ?? '';
  const fields = { From: '+14155550123', To: number, CallStatus: 'ringing' };
  const query = new URLSearchParams();
  await enterByCall(callSid, nowhere, at, (visit) => findOrBeginCall(visit, { callSid, fields, query }), {
    called: number,
  });
  expect(await startClockJob('reconcile')).toEqual({ ...nothing, ended: 1, recordings: 1, transcripts: 1 });
  const [row] = await rows();
  expect(Math.abs(Number(row?.endedAt) - Number(at) - Number(call?.ended.seconds) * 1000)).toBeLessThan(1500);
  expect(row?.events.map(({ kind }) => kind)).not.toContain('caught_up');
});

test('a call that was erased does not come again, though Twilio may still list it', async () => {
  await place(1, hoursAgo(2));
  await startClockJob('reconcile');
  const [row] = await rows();
  const asSystem = <T>(act: Parameters<typeof enterAsSystem<T>>[1]) => enterAsSystem(new Date(), act);
  await eraseCalls({ asSystem }, { businessId, callIds: [row?.id ?? ''], appointmentIds: [] });
  expect(await startClockJob('reconcile')).toEqual(nothing);
  expect(await rows()).toMatchObject([{ callSid: null, anonymised: true }]);
  expect(await owner.job.count({ where: { kind: 'erase_remote_call' } })).toBe(1);
});

test('calls to a number that is not ours, or was not yet, stay where they are', async () => {
  await place(1, hoursAgo(21));
  await place(1, hoursAgo(2), freshNumber());
  expect(await startClockJob('reconcile')).toEqual(nothing);
});

test('a run looks back to the last one that was through, and further where there was none for days', async () => {
  await owner.phoneRoute.update({ where: { number }, data: { createdAt: hoursAgo(400) } });
  const throughAt = (startedAt: Date) =>
    owner.jobRun.create({
      data: { id: newId(), job: 'reconcile', startedAt, leasedUntil: startedAt, endedAt: startedAt, outcome: 'done' },
    });
  await place(1, hoursAgo(70));
  expect(await startClockJob('reconcile', { isDryRun: true })).toEqual(nothing);
  await throughAt(hoursAgo(66));
  expect(await startClockJob('reconcile', { isDryRun: true })).toEqual({ ...nothing, begun: 1 });
  await throughAt(hoursAgo(1));
  expect(await startClockJob('reconcile', { isDryRun: true })).toEqual(nothing);
});

/** Three calls without an end, the first of which does not open: its number was sealed for another. */
async function threeUnended() {
  const [damaged, ...others] = (await place(3, hoursAgo(10))).map(({ callSid }) => callSid);
  await startClockJob('reconcile');
  const other = await owner.call.findFirstOrThrow({ where: { callSid: { in: others } } });
  const { callerNumber } = other;
  await owner.call.updateMany({ where: { businessId }, data: { endedAt: null } });
  await owner.call.updateMany({ where: { callSid: damaged ?? '' }, data: { callerNumber } });
  await owner.callEvent.deleteMany({ where: { businessId, kind: 'ended' } });
  await owner.jobRun.deleteMany();
  return damaged ?? '';
}

test('one that does not open fails no run, is told once, and is looked for and counted by every run', async () => {
  const damaged = await threeUnended();
  expect(await startClockJob('reconcile')).toEqual({ ...nothing, ended: 2, unopened: 1 });
  expect(await startClockJob('reconcile')).toEqual({ ...nothing, unopened: 1 });
  const unended = await owner.call.findMany({ where: { businessId, endedAt: null }, select: { callSid: true } });
  expect(unended).toEqual([{ callSid: damaged }]);
  expect(await owner.job.findMany({ where: { kind: 'alert' }, select: { payload: true } })).toEqual([
    { payload: { alert: 'call_does_not_open', reference: damaged } },
  ]);
  await owner.call.updateMany({ where: { callSid: damaged }, data: { endedAt: new Date() } });
});

test('one that cannot be brought keeps no other from coming, and the run does not count as through', async () => {
  const [odd, ...others] = (await place(3, hoursAgo(2))).map(({ callSid }) => callSid);
  await owner.$executeRawUnsafe(`
    CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RAISE EXCEPTION ''not this one''; END';
    CREATE TRIGGER refuse BEFORE INSERT ON calls FOR EACH ROW WHEN (new.call_sid = '${odd}') EXECUTE FUNCTION refuse()`);
  try {
    await expect(startClockJob('reconcile')).rejects.toThrow('1 could not be brought');
    expect((await rows()).map(({ callSid }) => callSid).toSorted()).toEqual(others.toSorted());
    expect(await owner.jobRun.count({ where: { outcome: 'done' } })).toBe(0);
  } finally {
    await owner.$executeRawUnsafe('DROP FUNCTION refuse CASCADE');
  }
  expect(await startClockJob('reconcile')).toEqual({ ...nothing, begun: 1, recordings: 1, transcripts: 1 });
});

test('a recording that was given up is fetched again, once a day for three days', async () => {
  await place(1, hoursAgo(2));
  await startClockJob('reconcile');
  await owner.job.deleteMany();
  await owner.recording.updateMany({ where: { businessId }, data: { status: 'failed' } });
  expect(await startClockJob('reconcile')).toEqual({ ...nothing, again: 1 });
  expect(await startClockJob('reconcile')).toEqual(nothing);
  expect(await owner.job.count({ where: { kind: 'fetch_recording', businessId } })).toBe(1);
  await owner.job.deleteMany();
  await owner.recording.updateMany({ where: { businessId }, data: { createdAt: new Date(Date.now() - 4 * DAY) } });
  expect(await startClockJob('reconcile')).toEqual(nothing);
});
