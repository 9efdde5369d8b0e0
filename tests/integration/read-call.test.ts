/** One call with all there is to it, and the marks that people put on it. */
import { readFileSync } from 'node:fs';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { findCaller } from '@/lib/calls/find-caller';
import { listCalls } from '@/lib/calls/list-calls';
import { markCalledBack } from '@/lib/calls/mark-called-back';
import { markHeard } from '@/lib/calls/mark-heard';
import { markUnheard } from '@/lib/calls/mark-unheard';
import { readCall } from '@/lib/calls/read-call';
import { giveBackCall, takeCall } from '@/lib/calls/take-call';
import { undoCalledBack } from '@/lib/calls/undo-called-back';
import { newId } from '@/lib/platform/clock';
import { database } from '@/lib/platform/db';
import { NotFound } from '@/lib/platform/errors';
import { seal } from '@/lib/platform/sealing';
import { testDatabase } from '@/tests/support/database';
import {
  freshSid,
  makeBusiness,
  makeCall,
  makeLiveTranscript,
  makePerson,
  makeTelling,
  ownerClient,
} from '@/tests/support/rows';
import { asMember } from '@/tests/support/visits';

const { owner: ownerUrl } = await testDatabase();
const owner = ownerClient(ownerUrl);
const at = new Date('2026-03-02T10:00:00Z');
const minutesBefore = (minutes: number) => new Date(at.getTime() - minutes * 60_000);
const naughty: string[] = JSON.parse(readFileSync('tests/data/naughty-strings.json', 'utf8'));

let business: Awaited<ReturnType<typeof makeBusiness>>;
let ana: Awaited<ReturnType<typeof makePerson>>;
let foreign: Awaited<ReturnType<typeof makeCall>>;
beforeAll(async () => {
  business = await makeBusiness(owner);
  ana = await makePerson(owner, { at, member: { businessId: business.id, role: 'staff' } });
  foreign = await makeCall(owner, (await makeBusiness(owner)).id);
});
afterAll(async () => {
  await owner.$disconnect();
  await database().prisma.$disconnect();
  await database().pool.end();
});

const read = (id: string, moment = at) => asMember(ana.sessionId, readCall, { id }, moment);
const states = async (id: string, moment = at) =>
  (await read(id, moment)).chain.map(({ step, state }) => `${step} ${state}`).join(', ');
const event = (callId: string, kind: string, minutes: number, more: { said?: string; detail?: object } = {}) =>
  owner.callEvent.create({
    data: seal('CallEvent', {
      businessId: business.id,
      callId,
      id: newId(),
      key: kind,
      kind,
      at: minutesBefore(minutes),
      detail: { ...more.detail },
      said: more.said ?? null,
    }),
  });
const telling = (callId: string, more: Parameters<typeof makeTelling>[2]) =>
  makeTelling(owner, { businessId: business.id, callId, userId: ana.id }, more);
const recording = (callId: string, more: { status?: 'pending' | 'stored' | 'failed' } = {}) => {
  const stored = { storageKey: 'k', contentType: 'audio/wav', bytes: 1, sha256: new Uint8Array(32), storedAt: at };
  const { status = 'stored' } = more;
  return owner.recording.create({
    data: {
      businessId: business.id,
      callId,
      id: newId(),
      recordingSid: freshSid('RE'),
      seconds: 7,
      createdAt: at,
      status,
      ...(status === 'stored' && stored),
    },
  });
};

describe('a call', () => {
  test('is told from the ring to the recording, in the order in which it happened', async () => {
    const call = await makeCall(owner, business.id, { startedAt: minutesBefore(10) });
    await event(call.id, 'message_left', 8, { detail: { as: 'message', seconds: 7 } });
    await event(call.id, 'greeted', 10, { detail: { because: 'closed' } });
    await event(call.id, 'chose', 9, { detail: { choice: 'message', by: 'speech' }, said: 'a message please' });
    await telling(call.id, { at: minutesBefore(7) });
    await recording(call.id);
    const view = await read(call.id);
    expect(view.events.map(({ text }) => text)).toEqual([
      'You were closed. We played your greeting',
      'The caller chose to leave a message: “a message please”',
      'The caller left a message',
      'Somebody was told by e-mail',
    ]);
    expect(view.recording).toMatchObject({ state: 'ready', seconds: 7 });
    expect(view.chain).toEqual([
      { step: 'answered', state: 'done', at: minutesBefore(10), note: null },
      { step: 'saved', state: 'done', at, note: null },
      { step: 'told', state: 'done', at: minutesBefore(7), note: 'By e-mail' },
      { step: 'seen', state: 'waiting', at: null, note: null },
      { step: 'called_back', state: 'waiting', at: null, note: null },
    ]);
  });

  test('asks for what belongs to it once', async () => {
    const call = await makeCall(owner, business.id, { startedAt: minutesBefore(10), calledBack: { at, by: ana.id } });
    await event(call.id, 'greeted', 10);
    await telling(call.id, { at: minutesBefore(7) });
    await recording(call.id);
    const query = vi.spyOn(pg.Client.prototype, 'query');
    await read(call.id);
    const asked = query.mock.calls.map(([statement]) => String(Object(statement).text ?? statement));
    const times = (table: string) => asked.filter((text) => text.includes(`FROM "public"."${table}"`)).length;
    const tables = ['call_events', 'tellings', 'recordings', 'transcripts', 'users'];
    expect(Object.fromEntries(tables.map((table) => [table, times(table)]))).toEqual(
      Object.fromEntries(tables.map((table) => [table, 1])),
    );
  });

  test('says of what is not there whether it comes, failed, or is gone', async () => {
    const call = await makeCall(owner, business.id, { startedAt: minutesBefore(1) });
    const seenAfter = async (minutes: number) => {
      const session = await makePerson(owner, {
        at: new Date(at.getTime() + minutes * 60_000),
        member: { businessId: business.id, role: 'staff' },
      });
      const moment = new Date(at.getTime() + minutes * 60_000);
      const { recording: sound, transcript } = await asMember(session.sessionId, readCall, { id: call.id }, moment);
      return [sound.state, transcript.state];
    };
    expect(await seenAfter(5)).toEqual(['coming', 'coming']);
    expect(await seenAfter(2 * 60)).toEqual(['failed', 'failed']);
    expect(await seenAfter(31 * 24 * 60)).toEqual(['gone', 'failed']);
    expect(await seenAfter(91 * 24 * 60)).toEqual(['gone', 'gone']);
    await recording(call.id, { status: 'failed' });
    expect(await states(call.id)).toContain('saved failed');
    const hours = await makeCall(owner, business.id, { intent: 'hours', startedAt: minutesBefore(1) });
    expect(await read(hours.id)).toMatchObject({ recording: { state: 'none' }, transcript: { state: 'none' } });
    expect(await states(hours.id)).toBe(
      'answered done, saved skipped, told skipped, seen skipped, called_back skipped',
    );
  });

  test('says which words are unsure, and why there is no message', async () => {
    const call = await makeCall(owner, business.id, { startedAt: minutesBefore(10) });
    await makeLiveTranscript(owner, business.id, call.id, [
      [1, 'This is Ann.', 0.9],
      [4, 'My tooth hurts.', 0.3],
    ]);
    expect((await read(call.id)).transcript).toEqual({
      state: 'ready',
      text: 'This is Ann. My tooth hurts.',
      stretches: [
        { text: 'This is Ann.', isUnsure: false },
        { text: 'My tooth hurts.', isUnsure: true },
      ],
      nothing: null,
    });
    await owner.transcript.updateMany({ where: { callId: call.id }, data: { nothing: 'machine' } });
    expect((await read(call.id)).transcript).toMatchObject({ nothing: 'machine' });
  });

  test('counts as told once one person was reached, and says what did not arrive', async () => {
    const call = await makeCall(owner, business.id, { startedAt: minutesBefore(10) });
    const told = async () => (await read(call.id)).chain[2];
    expect(await told()).toMatchObject({ state: 'waiting', note: null });
    await telling(call.id, { way: 'text', at: minutesBefore(9) });
    expect(await told()).toMatchObject({ state: 'waiting', note: 'The text is on its way' });
    await telling(call.id, { way: 'text', turn: 1, state: 'failed', errorCode: 30_003, at: minutesBefore(7) });
    await telling(call.id, { at: minutesBefore(8) });
    expect(await told()).toMatchObject({
      state: 'done',
      at: minutesBefore(8),
      note: 'By e-mail; a text did not arrive',
    });
    expect((await read(call.id)).events.map(({ text }) => text)).toEqual([
      'Somebody was sent a text, which may not have arrived yet',
      'Somebody was told by e-mail',
      'Somebody could not be told by text: the telephone could not be reached',
    ]);
  });

  test('says that a text was not confirmed, whether or not somebody was reached otherwise', async () => {
    const call = await makeCall(owner, business.id, { startedAt: minutesBefore(10) });
    await telling(call.id, { way: 'text', state: 'unconfirmed', at: minutesBefore(9) });
    expect((await read(call.id)).chain[2]).toMatchObject({
      state: 'waiting',
      note: 'A text was sent, and not confirmed',
    });
    await telling(call.id, { at: minutesBefore(3) });
    const { chain, events } = await read(call.id);
    expect(chain[2]).toMatchObject({ state: 'done', note: 'By e-mail; a text was not confirmed' });
    expect(events[0]?.text).toBe('Somebody was sent a text, and no network said whether it arrived');
  });

  test('is broken where nobody was reached, and where there was nobody to tell', async () => {
    const call = await makeCall(owner, business.id, { startedAt: minutesBefore(10) });
    await telling(call.id, { way: 'text', state: 'failed', errorCode: 21_610 });
    expect((await read(call.id)).chain[2]).toMatchObject({
      state: 'failed',
      note: 'Nobody was reached: the text failed',
    });
    const nobody = await makeCall(owner, business.id, { startedAt: minutesBefore(10) });
    await event(nobody.id, 'told_failed', 8);
    expect(await states(nobody.id)).toContain('told failed');
    const unwanted = await makeCall(owner, business.id, { startedAt: minutesBefore(10) });
    await event(unwanted.id, 'told_nobody', 8);
    expect(await states(unwanted.id)).toContain('told skipped');
  });

  test('of an emergency without a message waits for somebody to be told of it, and to see to it', async () => {
    const urgent = { status: 'missed', intent: 'emergency', urgent: true } as const;
    const call = await makeCall(owner, business.id, { ...urgent, startedAt: minutesBefore(10) });
    expect(await states(call.id)).toBe('answered done, saved skipped, told waiting, seen waiting, called_back waiting');
    await asMember(ana.sessionId, takeCall, { id: call.id }, at);
    expect((await read(call.id)).chain[3]).toMatchObject({ state: 'done', at, note: 'Somebody sees to it' });
    await asMember(ana.sessionId, giveBackCall, { id: call.id }, at);
    await event(call.id, 'nobody_took_it', 1);
    expect(await states(call.id)).toContain('seen failed');
  });

  test('stands among its neighbours, newest first, and one entry names all that were opened', async () => {
    const own = await makeBusiness(owner);
    const ben = await makePerson(owner, { at, member: { businessId: own.id, role: 'business_owner' } });
    const ids: string[] = [];
    for (let n = 0; n < 25; n += 1) ids.push((await makeCall(owner, own.id, { startedAt: minutesBefore(n) })).id);
    const id = ids[12] ?? '';
    const { neighbours } = await asMember(ben.sessionId, readCall, { id }, at);
    expect(neighbours.map((neighbour) => neighbour.id)).toEqual(ids.slice(2, 23));
    const entries = await owner.auditLog.findMany({ where: { businessId: own.id } });
    expect(entries).toHaveLength(1);
    expect(entries).toMatchObject([
      { action: 'call.read', userId: ben.id, resourceId: id, details: { ids: ids.slice(2, 23) } },
    ]);
  });

  test('of another business is not found, and neither is one that never was', async () => {
    for (const id of [foreign.id, newId()]) {
      for (const useCase of [
        readCall,
        markHeard,
        markUnheard,
        markCalledBack,
        undoCalledBack,
        takeCall,
        giveBackCall,
      ]) {
        await expect(asMember<{ id: string }, unknown>(ana.sessionId, useCase, { id }, at)).rejects.toThrow(NotFound);
      }
    }
    expect(await owner.call.findFirst({ where: { id: foreign.id } })).toMatchObject({
      heardAt: null,
      calledBackAt: null,
    });
  });
});

describe('whatever callers are called and say', () => {
  test('is shown as it came, in the list and in the call, and never closes the page', async () => {
    const own = await makeBusiness(owner);
    const ben = await makePerson(owner, { at, member: { businessId: own.id, role: 'business_owner' } });
    const texts = new Map<string, string>();
    for (const text of naughty) {
      const { id } = await makeCall(owner, own.id, { callerName: text || 'nobody', wanted: text, startedAt: at });
      texts.set(id, text);
      await owner.transcript.create({
        data: seal('Transcript', {
          businessId: own.id,
          callId: id,
          id: newId(),
          recordingSid: freshSid('RE'),
          status: 'completed' as const,
          createdAt: at,
          text,
        }),
      });
    }
    let seen = 0;
    let before: string | undefined;
    do {
      const shown = await asMember(ben.sessionId, listCalls, { show: 'all', status: null, caller: null, before }, at);
      for (const { id, name, wanted } of shown.calls) {
        expect([name, wanted]).toEqual([texts.get(id) || 'nobody', texts.get(id)]);
        seen += 1;
      }
      before = shown.older ?? undefined;
    } while (before !== undefined);
    expect(seen).toBe(naughty.length);
    for (const [id, text] of [...texts].filter((_, n) => n % 20 === 0)) {
      const { transcript } = await asMember(ben.sessionId, readCall, { id }, at);
      expect(transcript).toMatchObject({ state: 'ready', text });
    }
    for (const number of naughty) {
      const found = await asMember(ben.sessionId, findCaller, { number }, at).catch((error: Error) => error.name);
      expect(found).toBe('Refusal');
    }
  });
});

describe('marks', () => {
  test('remember the first who listened and the first who called back, and can be taken back', async () => {
    const call = await makeCall(owner, business.id);
    const bea = await makePerson(owner, { at, member: { businessId: business.id, role: 'staff' } });
    const mark = (useCase: typeof markHeard, who = ana) => asMember(who.sessionId, useCase, { id: call.id }, at);
    const row = () =>
      owner.call.findFirst({
        where: { id: call.id },
        select: { heardAt: true, heardBy: true, calledBackAt: true, calledBackBy: true },
      });
    await mark(markHeard);
    await mark(markHeard, bea);
    await mark(markCalledBack, bea);
    await mark(markCalledBack);
    expect(await row()).toEqual({ heardAt: at, heardBy: ana.id, calledBackAt: at, calledBackBy: bea.id });
    expect((await read(call.id)).chain.slice(3)).toMatchObject([
      { step: 'seen', state: 'done', note: 'Somebody' },
      { step: 'called_back', state: 'done', note: 'Somebody' },
    ]);
    await mark(markUnheard);
    await mark(undoCalledBack);
    expect(await row()).toEqual({ heardAt: null, heardBy: null, calledBackAt: null, calledBackBy: null });
    const entries = await owner.auditLog.findMany({
      where: { resourceId: call.id, action: 'call.update' },
      orderBy: { id: 'asc' },
    });
    expect(entries.map(({ details }) => (details as { fields: string[] }).fields)).toEqual([
      ['heardAt', 'heardBy'],
      [],
      ['calledBackAt', 'calledBackBy'],
      [],
      ['heardAt', 'heardBy'],
      ['calledBackAt', 'calledBackBy'],
    ]);
  });
});
