/** Whoever is on duty forwards their telephone to the line that rings them: no circle begins, and everybody is answered. */
import { afterAll, beforeEach, expect, test } from 'vitest';
import { answerCall } from '@/lib/calls/answer-call';
import { database } from '@/lib/platform/db';
import { enterByCallBriefly } from '@/lib/platform/enter';
import { placeAt } from '@/lib/rules/call-address';
import type { CallEvent } from '@/lib/rules/call-event';
import { testDatabase } from '@/tests/support/database';
import { freshSid, makeBusiness, ownerClient } from '@/tests/support/rows';

const { owner: ownerUrl } = await testDatabase();
const owner = ownerClient(ownerUrl);
const duty = ['+14155550140', '+14155550141'];
/** A Monday morning in New York: open. */
const at = new Date('2026-11-23T15:00:00Z');
const secondsLater = (seconds: number) => new Date(at.getTime() + seconds * 1000);
const RINGS: CallEvent = { kind: 'rings', verdict: null };
const NOBODY: CallEvent = { kind: 'rung', at: placeAt('duty'), bridged: false };

let number: string;
beforeEach(async () => {
  ({ number } = await makeBusiness(owner, { duty }));
});
afterAll(async () => {
  await owner.$disconnect();
  await database().prisma.$disconnect();
  await database().pool.end();
});

/** What a call is told to do, in verbs. */
async function happens(callSid: string, event: CallEvent, from: string, when: Date, more: Record<string, string> = {}) {
  const fields = { From: from, To: number, CallStatus: 'ringing', ...more };
  const request = { callSid, fields, query: new URLSearchParams() };
  const run = { ipAddress: null, userAgent: null };
  const answer = await enterByCallBriefly(callSid, run, when, (visit) => answerCall(visit, request, event), {
    called: number,
  });
  return answer?.map(({ verb }) => verb);
}
const caller = '+12125550123';

test.each([
  ['shows the first caller', caller, {}],
  ['shows who forwards it', duty[0] ?? '', {}],
  ['says who forwards it', '+12125550199', { ForwardedFrom: duty[0] ?? '' }],
])('a call that comes while somebody is rung, and %s, rings nobody', async (_, from, more) => {
  expect(await happens(freshSid('CA'), RINGS, caller, at)).toEqual(['dial']);
  const back = freshSid('CA');
  expect(await happens(back, RINGS, from, secondsLater(5), more)).toContain('gather');
  const emergency: CallEvent = { kind: 'answers', at: placeAt('menu'), digits: '4', speech: '' };
  expect(await happens(back, emergency, from, secondsLater(9), more)).not.toContain('dial');
  const events = await owner.callEvent.findMany({ where: { call: { callSid: back } }, select: { kind: true } });
  expect(events.map(({ kind }) => kind)).toContain('came_back');
});

test('once nobody is being rung any more, the same caller is put through again', async () => {
  const first = freshSid('CA');
  await happens(first, RINGS, caller, at);
  await happens(first, NOBODY, caller, secondsLater(25));
  await happens(first, { ...NOBODY, at: placeAt('duty', { person: 1 }) }, caller, secondsLater(50));
  expect(await happens(freshSid('CA'), RINGS, caller, secondsLater(60))).toEqual(['dial']);
});

test('a ringing whose end was never told of is over all the same', async () => {
  await happens(freshSid('CA'), RINGS, caller, at);
  expect(await happens(freshSid('CA'), RINGS, caller, secondsLater(90))).toEqual(['dial']);
});

test('another caller is put through at the same time', async () => {
  await happens(freshSid('CA'), RINGS, caller, at);
  expect(await happens(freshSid('CA'), RINGS, '+12125550177', secondsLater(5))).toEqual(['dial']);
});
