/** An urgent call that nobody has seen goes from one to the next, until somebody takes it. */
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { markCalledBack } from '@/lib/calls/mark-called-back';
import { markHeard } from '@/lib/calls/mark-heard';
import { readTakeLink, takeByLink } from '@/lib/calls/take-by-link';
import { giveBackCall, takeCall } from '@/lib/calls/take-call';
import { guestDesk } from '@/lib/doors/guest';
import type { ClockRun } from '@/lib/jobs/clock-job';
import { startClockJob } from '@/lib/jobs/start-clock-job';
import { takeAddress } from '@/lib/notifications/call-links';
import { escalate } from '@/lib/notifications/escalate';
import { moveForward, saveEscalation } from '@/lib/notifications/escalation-policy';
import { newId } from '@/lib/platform/clock';
import { database } from '@/lib/platform/db';
import { enterAsSystem } from '@/lib/platform/enter';
import { NotFound, Refusal } from '@/lib/platform/errors';
import { readOutbox } from '@/lib/platform/mail';
import { MOST_ROUNDS } from '@/lib/rules/telling';
import { testDatabase } from '@/tests/support/database';
import { makeBusiness, makeCall, makePerson, makeTelling, ownerClient } from '@/tests/support/rows';
import { asMember } from '@/tests/support/visits';

const { owner: ownerUrl } = await testDatabase();
const owner = ownerClient(ownerUrl);
process.chdir(mkdtempSync(path.join(tmpdir(), 'aftercallpro-')));

const start = new Date();
const minutes = (count: number) => new Date(start.getTime() + count * 60_000);

type Somebody = Awaited<ReturnType<typeof makePerson>>;
let business: { id: string; number: string };
let olive: Somebody;
let sam: Somebody;
let kim: Somebody;
let call: { id: string };
beforeEach(async () => {
  await owner.business.deleteMany(); // with their calls: each test has its own
  await owner.job.deleteMany();
  business = await makeBusiness(owner, { name: 'Sunrise Clinic' });
  const member = (role: 'business_owner' | 'staff') => makePerson(owner, { member: { businessId: business.id, role } });
  [olive, sam, kim] = [await member('business_owner'), await member('staff'), await member('staff')];
  call = await urgentCall();
  await told(olive);
});
afterAll(async () => {
  await owner.$disconnect();
  await database().prisma.$disconnect();
  await database().pool.end();
});

const urgentCall = () =>
  makeCall(owner, business.id, { urgent: true, intent: 'emergency', status: 'missed', startedAt: start });
const told = (who: Somebody, more: Parameters<typeof makeTelling>[2] = {}) =>
  makeTelling(owner, { businessId: business.id, callId: call.id, userId: who.id }, { at: start, ...more });
/** The job, so many minutes after the first telling. */
const at = (count: number, isDryRun = false) => {
  const run: ClockRun = {
    id: newId(),
    isDryRun,
    signal: new AbortController().signal,
    asSystem: (act) => enterAsSystem(minutes(count), act),
  };
  return escalate(run);
};
const heard = async () => {
  const tellings = await owner.telling.findMany({ where: { callId: call.id }, orderBy: [{ turn: 'asc' }] });
  const names = new Map([
    [olive.id, 'olive'],
    [sam.id, 'sam'],
    [kim.id, 'kim'],
  ]);
  return tellings.map(({ userId }) => names.get(userId)).join(' ');
};

describe('an urgent call that nobody has seen', () => {
  test('waits as long as its business says, and then goes to the next, once', async () => {
    expect(await at(14.9)).toEqual({ due: 0, told: 0 });
    expect(await at(15)).toEqual({ due: 1, told: 1 });
    expect(await at(15)).toEqual({ due: 0, told: 0 });
    expect(await heard()).toBe('olive sam');
    expect(await at(29)).toEqual({ due: 0, told: 0 });
    await at(30);
    expect(await heard()).toBe('olive sam kim');
  });

  test('waits no longer where a mail follows a text that may not have arrived', async () => {
    await told(olive, { way: 'text', state: 'unconfirmed', turn: 1, at: minutes(15) });
    await told(olive, { way: 'mail', turn: 1, at: minutes(20) });
    expect(await at(29.9)).toEqual({ due: 0, told: 0 });
    expect(await at(30)).toEqual({ due: 1, told: 1 });
  });

  test('goes round three times, and then says that nobody took it', async () => {
    for (let count = 15; count < 300; count += 15) await at(count);
    expect(await heard()).toBe(Array(MOST_ROUNDS).fill('olive sam kim').join(' '));
    const events = await owner.callEvent.findMany({ where: { callId: call.id } });
    expect(events.map(({ kind }) => kind)).toEqual(['nobody_took_it']);
    expect(await at(300)).toEqual({ due: 0, told: 0 });
  });

  test('is brought to the next by two runs at the same moment once', async () => {
    const counts = await Promise.all([at(15), at(15), at(15)]);
    expect(counts.map((count) => count.told ?? 0).reduce((sum, count) => sum + count)).toBe(1);
    expect(await heard()).toBe('olive sam');
  });

  test('stays where it is in a dry run', async () => {
    expect(await at(15, true)).toEqual({ due: 1, told: 0 });
    expect(await heard()).toBe('olive');
  });

  test('is not brought to anybody a day later', async () => {
    expect(await at(24 * 60 + 1)).toEqual({ due: 0, told: 0 });
  });

  test.each([
    ['somebody takes it', takeCall],
    ['somebody has listened to it', markHeard],
    ['somebody has called back', markCalledBack],
  ])('goes no further once %s', async (_what, useCase) => {
    await asMember(sam.sessionId, useCase, { id: call.id });
    expect(await at(60)).toEqual({ due: 0, told: 0 });
  });

  test('goes on where whoever took it gives it back', async () => {
    await asMember(sam.sessionId, takeCall, { id: call.id });
    await asMember(sam.sessionId, giveBackCall, { id: call.id });
    expect(await at(15)).toEqual({ due: 1, told: 1 });
  });

  test.each([
    ['is not urgent', { urgent: false }],
    ['was taken by one of the people rung', { status: 'forwarded' as const }],
    ['was a robot', { status: 'rejected' as const }],
  ])('goes nowhere where it %s', async (_what, data) => {
    await owner.call.updateMany({ where: { id: call.id }, data });
    expect(await at(60)).toEqual({ due: 0, told: 0 });
  });

  test('goes nowhere where everybody is told at once', async () => {
    await asMember(olive.sessionId, saveEscalation, { minutes: null });
    expect(await at(60)).toEqual({ due: 0, told: 0 });
  });

  test('goes round in the order that an owner chose', async () => {
    await asMember(olive.sessionId, moveForward, { id: kim.id });
    await at(15);
    expect(await heard()).toBe('olive kim');
    const stranger = await makePerson(owner);
    await expect(asMember(olive.sessionId, moveForward, { id: stranger.id })).rejects.toThrow(NotFound);
  });

  test('is told by mail at once when the clock finds it', async () => {
    await owner.telling.updateMany({ data: { createdAt: minutes(-20) } });
    expect(await startClockJob('escalate')).toEqual({ due: 1, told: 1 });
    const [mail] = (await readOutbox()).filter(({ to }) => to === sam.email);
    expect(mail?.subject).toBe('Urgent: Somebody called Sunrise Clinic with an emergency');
  });
});

describe('the link of a mail or a text', () => {
  const desk = () => guestDesk({ ipAddress: '203.0.113.7', userAgent: null });
  const tokenOf = (tellingId: string) => new URL(takeAddress(tellingId)).searchParams.get('token') ?? '';
  let token: string;
  beforeEach(async () => {
    token = tokenOf(await told(sam, { turn: 1 }));
  });

  test('takes the call for whom it was sent to, without a sign-in, and the trail says who', async () => {
    expect(await readTakeLink(desk(), { token })).toMatchObject({ business: 'Sunrise Clinic', state: 'open' });
    await takeByLink(desk(), { token });
    await takeByLink(desk(), { token });
    expect(await readTakeLink(desk(), { token })).toMatchObject({ state: 'yours' });
    expect(await owner.call.findFirst({ where: { id: call.id } })).toMatchObject({ takenBy: sam.id });
    expect(await at(60)).toEqual({ due: 0, told: 0 });
    const entries = await owner.auditLog.findMany({ where: { action: 'call.take', resourceId: call.id } });
    expect(entries).toMatchObject([{ userId: sam.id, businessId: business.id, ipAddress: '203.0.113.7' }]);
  });

  test('opens nothing of the caller', async () => {
    expect(Object.keys((await readTakeLink(desk(), { token })) ?? {}).sort()).toEqual([
      'business',
      'callId',
      'startedAt',
      'state',
      'zone',
    ]);
  });

  test('takes nothing from who was quicker', async () => {
    await asMember(kim.sessionId, takeCall, { id: call.id });
    expect(await readTakeLink(desk(), { token })).toMatchObject({ state: 'taken' });
    await expect(takeByLink(desk(), { token })).rejects.toThrow(Refusal);
    expect(await owner.call.findFirst({ where: { id: call.id } })).toMatchObject({ takenBy: kim.id });
  });

  test('of two who press at the same moment one takes it', async () => {
    const other = tokenOf(await told(kim, { turn: 2 }));
    const ends = await Promise.allSettled([takeByLink(desk(), { token }), takeByLink(desk(), { token: other })]);
    expect(ends.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  });

  test('leads nowhere once its person has left, is suspended, or the call is anonymised', async () => {
    const leads = async () => (await readTakeLink(desk(), { token })) !== null;
    expect(await leads()).toBe(true);
    await owner.user.updateMany({ where: { id: sam.id }, data: { suspendedAt: start } });
    expect(await leads()).toBe(false);
    await owner.user.updateMany({ where: { id: sam.id }, data: { suspendedAt: null } });
    await owner.membership.deleteMany({ where: { userId: sam.id } });
    expect(await leads()).toBe(false);
    await expect(takeByLink(desk(), { token })).rejects.toThrow(Refusal);
  });

  test('is no link with one character changed, or made for another telling', async () => {
    for (const wrong of [
      '',
      'x',
      `${token}A`,
      token.slice(1),
      flipped(token, 0),
      flipped(token, 30),
      flipped(token, 41),
    ]) {
      expect(await readTakeLink(desk(), { token: wrong })).toBeNull();
      await expect(takeByLink(desk(), { token: wrong })).rejects.toThrow(Refusal);
    }
    expect(await readTakeLink(desk(), { token: tokenOf(newId()) })).toBeNull();
  });
});

const flipped = (text: string, place: number) =>
  `${text.slice(0, place)}${text[place] === 'A' ? 'B' : 'A'}${text.slice(place + 1)}`;
