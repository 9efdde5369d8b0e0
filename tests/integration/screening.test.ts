/** Who is turned away, what is not charged, and what the people of the business say of it. */
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { answerCall } from '@/lib/calls/answer-call';
import { blockCaller } from '@/lib/calls/block-caller';
import { endCall } from '@/lib/calls/end-call';
import { listCalls } from '@/lib/calls/list-calls';
import { listToday } from '@/lib/calls/list-today';
import { markNotSpam, undoNotSpam } from '@/lib/calls/mark-not-spam';
import { readCall } from '@/lib/calls/read-call';
import { liftBlock, unblockCaller } from '@/lib/calls/unblock-caller';
import { database } from '@/lib/platform/db';
import { enterByCall, enterByCallBriefly } from '@/lib/platform/enter';
import { NotFound, Refusal } from '@/lib/platform/errors';
import { placeAt } from '@/lib/rules/call-address';
import type { CallEvent } from '@/lib/rules/call-event';
import { testDatabase } from '@/tests/support/database';
import { freshSid, makeBusiness, makeCall, makePerson, ownerClient } from '@/tests/support/rows';
import { asMember } from '@/tests/support/visits';

const { owner: ownerUrl } = await testDatabase();
const owner = ownerClient(ownerUrl);
const nowhere = { ipAddress: null, userAgent: null };
/** A Sunday: closed. */
const at = new Date('2026-11-22T21:00:00Z');
const later = (seconds: number) => new Date(at.getTime() + seconds * 1000);
const rings: CallEvent = { kind: 'rings', verdict: null };
const forged = 'TN-Validation-Failed-A';

let business: Awaited<ReturnType<typeof makeBusiness>>;
let ana: Awaited<ReturnType<typeof makePerson>>;
beforeEach(async () => {
  business = await makeBusiness(owner);
  ana = await makePerson(owner, { at, member: { businessId: business.id, role: 'staff' } });
});
afterAll(async () => {
  await owner.$disconnect();
  await database().prisma.$disconnect();
  await database().pool.end();
});

const request = (callSid: string, from: string, more: Record<string, string> = {}) => ({
  callSid,
  fields: { CallSid: callSid, From: from, To: business.number, CallStatus: 'ringing', ...more },
  query: new URLSearchParams(),
});

/** Rings, does these things, and ends after so many seconds; what was answered to the ring, and the call's row. */
async function call(
  from: string,
  { attestation = 'TN-Validation-Passed-A', events = [] as readonly CallEvent[], seconds = 40, on = at } = {},
) {
  const callSid = freshSid('CA');
  const more = { called: business.number };
  const answer = (event: CallEvent, fields = {}) =>
    enterByCallBriefly(callSid, nowhere, on, (visit) => answerCall(visit, request(callSid, from, fields), event), more);
  const heard = await answer(rings, { StirVerstat: attestation });
  for (const event of events) await answer(event, { CallStatus: 'in-progress' });
  const isRejected = heard?.[0]?.verb === 'reject';
  const end = isRejected
    ? { CallStatus: 'no-answer', CallDuration: '0' }
    : { CallStatus: 'completed', CallDuration: String(seconds) };
  const endedAt = new Date(on.getTime() + seconds * 1000);
  await enterByCall(callSid, nowhere, endedAt, (visit) => endCall(visit, request(callSid, from, end)), more);
  return { isRejected, ...(await owner.call.findUniqueOrThrow({ where: { callSid } })) };
}
const chose: CallEvent = { kind: 'answers', at: placeAt('menu'), digits: '3', speech: '' };
const member = <I, T>(useCase: Parameters<typeof asMember<I, T>>[1], input: I) =>
  asMember(ana.sessionId, useCase, input, later(600));
const spam = () =>
  member(listCalls, { show: 'spam' as const, status: null, caller: null }).then(({ calls, blocked }) => ({
    calls: calls.map(({ id }) => id),
    blocked: blocked.map(({ number }) => number),
  }));
const waiting = () => member(listToday, undefined).then((today) => today.waiting.map(({ id }) => id));

describe('a blocked caller', () => {
  test('is turned away, listed, and costs nothing, until they are unblocked', async () => {
    const before = await call('+14155550123', { events: [chose] });
    await member(blockCaller, { id: before.id });
    const blocked = await call('+14155550123');
    expect(blocked).toMatchObject({ isRejected: true, status: 'rejected', uncharged: 'blocked', secondsCharged: 0 });
    expect(await spam()).toEqual({ calls: [blocked.id], blocked: ['+14155550123'] });
    expect((await member(readCall, { id: before.id })).isBlocked).toBe(true);
    expect((await call('+14155550124')).isRejected).toBe(false);

    await member(unblockCaller, { id: before.id });
    expect((await call('+14155550123')).isRejected).toBe(false);
    expect((await spam()).blocked).toEqual([]);
  });

  test('can be unblocked from the list, by its own business alone', async () => {
    const { id } = await call('+14155550123');
    await member(blockCaller, { id });
    const known = await owner.knownCaller.findFirstOrThrow({ where: { businessId: business.id } });
    const other = await makePerson(owner, {
      at,
      member: { businessId: (await makeBusiness(owner)).id, role: 'business_owner' },
    });
    await expect(asMember(other.sessionId, liftBlock, { id: known.id }, later(600))).rejects.toThrow(NotFound);
    await member(liftBlock, { id: known.id });
    expect((await call('+14155550123')).isRejected).toBe(false);
  });

  test('of one business calls another one', async () => {
    const { id } = await call('+14155550123');
    await member(blockCaller, { id });
    business = await makeBusiness(owner);
    expect((await call('+14155550123')).isRejected).toBe(false);
  });

  test('is known by a number: who shows none cannot be blocked', async () => {
    const { id } = await makeCall(owner, business.id, { callerNumber: null, startedAt: at });
    await expect(member(blockCaller, { id })).rejects.toThrow(Refusal);
  });

  test('is turned away again when the same ring arrives twice, and not in the middle of a call', async () => {
    const known = await makeCall(owner, business.id, { callerNumber: '+14155550123', startedAt: at });
    const callSid = freshSid('CA');
    const ring = () =>
      enterByCallBriefly(callSid, nowhere, at, (visit) => answerCall(visit, request(callSid, '+14155550123'), rings), {
        called: business.number,
      });
    await ring();
    await member(blockCaller, { id: known.id });
    expect((await ring())?.map(({ verb }) => verb)).not.toContain('reject');
    const { isRejected, callSid: rejectedSid } = await call('+14155550123');
    expect(isRejected).toBe(true);
    const again = await enterByCallBriefly(rejectedSid ?? '', nowhere, at, (visit) =>
      answerCall(visit, request(rejectedSid ?? '', '+14155550123'), rings),
    );
    expect(again).toEqual([{ verb: 'reject', reason: 'rejected' }]);
  });
});

describe('a robot', () => {
  const neighbour = () => `${business.number.slice(0, 8)}9999`;

  test('with a forged number that looks like a neighbour’s is turned away, listed, and costs nothing', async () => {
    const robot = await call(neighbour(), { attestation: forged });
    expect(robot).toMatchObject({ isRejected: true, status: 'rejected', uncharged: 'robot', secondsCharged: 0 });
    expect((await spam()).calls).toEqual([robot.id]);
    expect(await waiting()).toEqual([]);
    expect((await call(neighbour())).isRejected).toBe(false);
  });

  test('that has called silently three times with a forged number is turned away the fourth time', async () => {
    const outcomes = [];
    for (let n = 0; n < 4; n += 1) {
      const { isRejected, uncharged } = await call('+14155550123', { attestation: forged, on: later(n * 60) });
      outcomes.push([isRejected, uncharged]);
    }
    expect(outcomes).toEqual([
      [false, 'robot'],
      [false, 'robot'],
      [false, 'robot'],
      [true, 'robot'],
    ]);
  });

  test('is answered again, and waits, once somebody says that it was none; and all of it is taken back', async () => {
    const robot = await call(neighbour(), { attestation: forged });
    await member(markNotSpam, { id: robot.id });
    expect(await spam()).toEqual({ calls: [], blocked: [] });
    expect(await waiting()).toEqual([robot.id]);
    expect(await call(neighbour(), { attestation: forged })).toMatchObject({ isRejected: false, uncharged: 'silent' });
    expect((await owner.call.findFirstOrThrow({ where: { id: robot.id } })).secondsCharged).toBe(0);

    await member(undoNotSpam, { id: robot.id });
    expect((await spam()).calls).toContain(robot.id);
    expect(await waiting()).not.toContain(robot.id);
    expect((await call(neighbour(), { attestation: forged })).isRejected).toBe(true);
  });

  test('that was a blocked caller is blocked again when “not spam” is taken back', async () => {
    const first = await call('+14155550123');
    await member(blockCaller, { id: first.id });
    const { id } = await call('+14155550123');
    await member(markNotSpam, { id });
    expect((await call('+14155550123')).isRejected).toBe(false);
    await member(undoNotSpam, { id });
    expect((await call('+14155550123')).isRejected).toBe(true);
  });
});

describe('a call on which nobody says anything', () => {
  test('is listed, costs nothing, and waits all the same: it may have been a person who lost heart', async () => {
    const silent = await call('+14155550123', { seconds: 40 });
    expect(silent).toMatchObject({ status: 'missed', uncharged: 'silent', secondsUsed: 40, secondsCharged: 0 });
    expect((await spam()).calls).toEqual([silent.id]);
    expect(await waiting()).toEqual([silent.id]);
    await member(markNotSpam, { id: silent.id });
    expect((await spam()).calls).toEqual([]);
  });

  test('is told from one on which somebody chose, and from one that was short', async () => {
    expect(await call('+14155550123', { events: [chose], seconds: 40 })).toMatchObject({
      uncharged: null,
      secondsCharged: 40,
    });
    const short = await call('+14155550123', { events: [chose], seconds: 14 });
    expect(short).toMatchObject({ uncharged: 'short', secondsUsed: 14, secondsCharged: 0 });
    expect((await spam()).calls).toEqual([]);
  });
});

test('each of these is in the trail, by the call and not by the number', async () => {
  const { id } = await call('+14155550123');
  await member(blockCaller, { id });
  await member(unblockCaller, { id });
  await member(markNotSpam, { id });
  const trail = await owner.auditLog.findMany({
    where: { businessId: business.id, userId: ana.id },
    orderBy: { action: 'desc' },
  });
  expect(trail.map(({ action, resourceId }) => [action, resourceId])).toEqual([
    ['caller.unblock', id],
    ['caller.block', id],
    ['call.update', id],
  ]);
  expect(JSON.stringify(trail)).not.toContain('4155550123');
});
