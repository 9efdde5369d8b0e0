/** The list of calls and the list of today: nothing lost, nothing twice, nothing of anybody else. */
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { findCaller } from '@/lib/calls/find-caller';
import { type CallsAsked, listCalls } from '@/lib/calls/list-calls';
import { listToday } from '@/lib/calls/list-today';
import { CallIntent, CallStatus, CallType, Uncharged } from '@/lib/generated/prisma/enums';
import { newId } from '@/lib/platform/clock';
import { database } from '@/lib/platform/db';
import { NotFound, Refusal } from '@/lib/platform/errors';
import { seal } from '@/lib/platform/sealing';
import type { Member, Visit } from '@/lib/platform/visit';
import { ENDINGS } from '@/lib/rules/call-status';
import { isToCallBack, isUnheard, type WaitingFacts } from '@/lib/rules/waiting';
import { testDatabase } from '@/tests/support/database';
import { freshSid, makeBusiness, makeCall, makePerson, ownerClient } from '@/tests/support/rows';
import { asMember } from '@/tests/support/visits';

const { owner: ownerUrl } = await testDatabase();
const owner = ownerClient(ownerUrl);
const at = new Date('2026-03-02T10:00:00Z');
const minutesBefore = (minutes: number) => new Date(at.getTime() - minutes * 60_000);
const all: CallsAsked = { show: 'all', status: null, caller: null };

afterAll(async () => {
  await owner.$disconnect();
  await database().prisma.$disconnect();
  await database().pool.end();
});

async function clinic() {
  const business = await makeBusiness(owner);
  const ana = await makePerson(owner, { at, member: { businessId: business.id, role: 'business_owner' } });
  return { business, ana };
}

const list = (sessionId: string, asked: Partial<CallsAsked> = {}) =>
  asMember(sessionId, listCalls, { ...all, ...asked }, at);

/** Every page from the newest on, and back again from the oldest. */
async function everyPage(sessionId: string, asked: Partial<CallsAsked> = {}) {
  const there: string[][] = [];
  let shown = await list(sessionId, asked);
  there.push(shown.calls.map(({ id }) => id));
  while (shown.older) {
    shown = await list(sessionId, { ...asked, before: shown.older });
    there.push(shown.calls.map(({ id }) => id));
  }
  const back = [shown.calls.map(({ id }) => id)];
  while (shown.newer) {
    shown = await list(sessionId, { ...asked, after: shown.newer });
    back.unshift(shown.calls.map(({ id }) => id));
  }
  return { there, back };
}

async function makeCalls(businessId: string, beginnings: readonly Date[]) {
  const rows = beginnings.map((startedAt) => ({ businessId, id: newId(), callSid: freshSid('CA'), startedAt }));
  await owner.call.createMany({
    data: rows.map((row) => ({ ...row, type: 'inbound', status: 'completed', calledNumber: '+12125550100' })),
  });
  return rows
    .toSorted((a, b) => b.startedAt.getTime() - a.startedAt.getTime() || (a.id < b.id ? 1 : -1))
    .map(({ id }) => id);
}

describe('pages of calls', () => {
  test('lose none and repeat none in either direction, however many calls began in the same millisecond', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.integer({ min: 0, max: 3 }), { maxLength: 170, size: 'max' }), async (offsets) => {
        const { business, ana } = await clinic();
        const expected = await makeCalls(
          business.id,
          offsets.map((offset) => new Date(at.getTime() + offset)),
        );
        const { there, back } = await everyPage(ana.sessionId);
        expect(there.flat()).toEqual(expected);
        expect(back.flat()).toEqual(expected);
        for (const page of there) expect(page.length).toBeLessThanOrEqual(50);
      }),
      { numRuns: 12 },
    );
  });

  test('show the newest calls where the place they were asked from is gone', async () => {
    const { business, ana } = await clinic();
    await makeCalls(
      business.id,
      Array.from({ length: 60 }, (_, n) => minutesBefore(n)),
    );
    const first = await list(ana.sessionId);
    await owner.call.deleteMany({ where: { businessId: business.id, startedAt: { lt: minutesBefore(49) } } });
    const second = await list(ana.sessionId, { before: first.older ?? '' });
    expect(second.calls.map(({ id }) => id)).toEqual(first.calls.map(({ id }) => id));
    expect(second.older).toBeNull();
  });

  test('a cursor that is none is not found, and a cursor holds nothing but a time and an id', async () => {
    const { business, ana } = await clinic();
    await makeCalls(
      business.id,
      Array.from({ length: 51 }, (_, n) => minutesBefore(n)),
    );
    const { older } = await list(ana.sessionId);
    expect(Buffer.from(older ?? '', 'base64url').toString()).toMatch(/^\d+ [0-9a-f-]{36}$/);
    for (const cursor of ['', 'x', 'AAAA', `${older}A`, Buffer.from("0 ' OR 1=1").toString('base64url')]) {
      await expect(list(ana.sessionId, { before: cursor })).rejects.toThrow(NotFound);
      await expect(list(ana.sessionId, { after: cursor })).rejects.toThrow(NotFound);
    }
  });

  test('name each call that was opened in one entry of the trail', async () => {
    const { business, ana } = await clinic();
    const ids = await makeCalls(business.id, [minutesBefore(1), minutesBefore(2)]);
    await list(ana.sessionId);
    const entries = await owner.auditLog.findMany({ where: { businessId: business.id } });
    expect(entries).toMatchObject([{ action: 'call.read', userId: ana.id, details: { ids } }]);
  });

  test('show nothing of a neighbour', async () => {
    const { ana } = await clinic();
    const { business } = await clinic();
    await makeCalls(business.id, [minutesBefore(1)]);
    expect(await list(ana.sessionId)).toMatchObject({ calls: [], older: null, newer: null });
    expect(await asMember(ana.sessionId, listToday, undefined, at)).toMatchObject({ toCallBack: 0, waiting: [] });
  });
});

describe('filters', () => {
  test('show what they say and page through it', async () => {
    const { business, ana } = await clinic();
    const make = (more: Parameters<typeof makeCall>[2]) => makeCall(owner, business.id, more).then(({ id }) => id);
    const heard = { at, by: ana.id };
    const message = await make({ startedAt: minutesBefore(1) });
    const listened = await make({ startedAt: minutesBefore(2), heard });
    const urgent = await make({ startedAt: minutesBefore(3), intent: 'emergency', urgent: true, heard });
    const missed = await make({ startedAt: minutesBefore(4), intent: 'none', status: 'missed', wanted: null });
    const hours = await make({ startedAt: minutesBefore(5), intent: 'hours', wanted: null });
    const done = await make({ startedAt: minutesBefore(6), calledBack: heard });
    const shown = async (asked: Partial<CallsAsked>) => (await list(ana.sessionId, asked)).calls.map(({ id }) => id);
    expect(await shown({})).toEqual([message, listened, urgent, missed, hours, done]);
    expect(await shown({ show: 'unheard' })).toEqual([message]);
    expect(await shown({ show: 'urgent' })).toEqual([urgent]);
    expect(await shown({ show: 'to_call_back' })).toEqual([message, listened, urgent, missed]);
    expect(await shown({ status: 'missed' })).toEqual([missed]);
    expect(await shown({ show: 'to_call_back', status: 'missed' })).toEqual([missed]);
    expect(await shown({ show: 'unheard', status: 'missed' })).toEqual([]);
  });

  test('read little more than they show, however many calls the business had', async () => {
    const { business, ana } = await clinic();
    const businessId = business.id;
    const heard = { at, by: ana.id };
    const beginning = minutesBefore(600_000);
    const old = (more: Parameters<typeof makeCall>[2]) =>
      makeCall(owner, businessId, { startedAt: beginning, ...more });
    await old({ status: 'failed', intent: 'none', wanted: null, callerNumber: null });
    await old({});
    await old({ urgent: true, heard, calledBack: heard });
    await owner.$executeRaw`
      INSERT INTO calls (business_id, id, call_sid, type, status, called_number, started_at, uncharged,
        heard_at, heard_by, called_back_at, called_back_by)
      SELECT ${businessId}::uuid, gen_random_uuid(), 'CA' || md5(n::text), 'inbound', 'completed', '+12125550100',
        ${at}::timestamptz - n * interval '1 minute', CASE WHEN n % 2 = 0 THEN 'short'::uncharged END,
        ${at}, ${ana.id}::uuid, ${at}, ${ana.id}::uuid
      FROM generate_series(1, 20000) n`;
    // Of a neighbour's calls every one is to be found: what is usual elsewhere is not usual here.
    const neighbour = await makeBusiness(owner);
    await owner.$executeRaw`
      INSERT INTO calls (business_id, id, call_sid, type, status, intent, urgent, called_number, started_at, uncharged)
      SELECT ${neighbour.id}::uuid, gen_random_uuid(), 'CA' || md5('neighbour' || n), 'inbound',
        (CASE WHEN n % 2 = 0 THEN 'failed' ELSE 'completed' END)::call_status, 'message', true, '+12125550100',
        ${at}::timestamptz - n * interval '1 minute', CASE WHEN n % 4 < 2 THEN 'silent'::uncharged END
      FROM generate_series(1, 20000) n`;
    await owner.$executeRaw`ANALYZE calls`;
    const asked: Partial<CallsAsked>[] = [
      {},
      { status: 'failed' },
      { status: 'rejected' },
      { show: 'unheard' },
      { show: 'to_call_back' },
      { show: 'urgent' },
      { show: 'spam' },
    ];
    const rowsRead = async ({ tx }: Visit<Member>) => {
      const [counted] = await tx.$queryRaw<{ read: bigint }[]>`
        SELECT seq_tup_read + idx_tup_fetch AS read FROM pg_stat_xact_user_tables WHERE relname = 'calls'`;
      return Number(counted?.read);
    };
    const readBy = async (visit: Visit<Member>, more: Partial<CallsAsked>) => {
      const before = await rowsRead(visit);
      await listCalls(visit, { ...all, ...more });
      return (await rowsRead(visit)) - before;
    };
    for (const more of asked) {
      const read = await asMember(ana.sessionId, readBy, more, at);
      expect([more, read <= 51]).toEqual([more, true]);
    }
  });
});

describe('looking for a number', () => {
  test('finds every call of it, also where it was typed as people write it, and puts no number into the address', async () => {
    const { business, ana } = await clinic();
    const first = await makeCall(owner, business.id, { callerNumber: '+14155550132', startedAt: minutesBefore(9) });
    const second = await makeCall(owner, business.id, { callerNumber: '+14155550132', startedAt: minutesBefore(3) });
    await makeCall(owner, business.id, { callerNumber: '+14155550133', startedAt: minutesBefore(1) });
    for (const number of ['+14155550132', '(415) 555-0132', '001 415 555 0132']) {
      const caller = await asMember(ana.sessionId, findCaller, { number }, at);
      expect(caller).toBe(second.id);
      const { calls, callerNumber } = await list(ana.sessionId, { caller });
      expect(calls.map(({ id }) => id)).toEqual([second.id, first.id]);
      expect(callerNumber).toBe('+14155550132');
    }
    const entries = await owner.auditLog.findMany({ where: { businessId: business.id, action: 'call.search' } });
    expect(JSON.stringify(entries)).not.toContain('4155550132');
  });

  test('says beside the field that nobody has called from it, or that it is no number', async () => {
    const { ana } = await clinic();
    const neighbour = await clinic();
    await makeCall(owner, neighbour.business.id, { callerNumber: '+14155550140' });
    const look = (number: string) => asMember(ana.sessionId, findCaller, { number }, at);
    for (const number of ['+14155550140', '', 'anonymous', '0132', "' OR 1=1 --", '+1 415 555 0132 ext. 4']) {
      const refusal = await look(number).catch((error: unknown) => error);
      expect(refusal).toBeInstanceOf(Refusal);
      expect((refusal as Refusal).fields.number).toMatch(/\.$/);
    }
  });

  test('callers who withheld their number are nobody’s, and another business’s call stands for nobody', async () => {
    const { business, ana } = await clinic();
    const neighbour = await clinic();
    const withheld = await makeCall(owner, business.id, { callerNumber: null });
    const foreign = await makeCall(owner, neighbour.business.id);
    for (const caller of [withheld.id, foreign.id, newId()]) {
      await expect(list(ana.sessionId, { caller })).rejects.toThrow(NotFound);
    }
    expect((await list(ana.sessionId)).calls).toMatchObject([{ id: withheld.id, number: null }]);
  });
});

describe('today', () => {
  test('the urgent come first, then whoever waits longest, and the figures count them all', async () => {
    const { business, ana } = await clinic();
    const make = (minutes: number, more: Parameters<typeof makeCall>[2] = {}) =>
      makeCall(owner, business.id, { startedAt: minutesBefore(minutes), ...more }).then(({ id }) => id);
    const old = await make(300);
    const listened = await make(200, { heard: { at, by: ana.id } });
    const urgent = await make(5, { urgent: true, intent: 'emergency' });
    await make(400, { calledBack: { at, by: ana.id } });
    await make(500, { intent: 'hours' });
    const today = await asMember(ana.sessionId, listToday, undefined, at);
    expect(today).toMatchObject({ unheard: 2, urgent: 1, toCallBack: 3, oldestWaiting: minutesBefore(300) });
    expect(today.waiting.map(({ id }) => id)).toEqual([urgent, old, listened]);
    const [entry] = await owner.auditLog.findMany({ where: { businessId: business.id } });
    expect(entry).toMatchObject({ action: 'call.read', details: { ids: [urgent, old, listened] } });
  });

  test('with nobody waiting there is nothing, and nothing to note', async () => {
    const { business, ana } = await clinic();
    await makeCall(owner, business.id, { status: 'missed', intent: 'none', callerNumber: null, wanted: null });
    expect(await asMember(ana.sessionId, listToday, undefined, at)).toMatchObject({
      unheard: 0,
      urgent: 0,
      toCallBack: 0,
      oldestWaiting: null,
      waiting: [],
    });
    expect(await owner.auditLog.count({ where: { businessId: business.id } })).toBe(0);
  });
});

describe('who waits', () => {
  let business: Awaited<ReturnType<typeof makeBusiness>>;
  const facts = new Map<string, WaitingFacts>();
  beforeAll(async () => {
    const { business: own, ana } = await clinic();
    business = own;
    const mark = [null, at];
    const charged = { uncharged: null, notSpamAt: null };
    const rows = Object.values(CallType).flatMap((type) =>
      Object.values(CallStatus).flatMap((status) =>
        Object.values(CallIntent).flatMap((intent) =>
          [true, false].flatMap((urgent) =>
            [true, false].flatMap((hasNumber) =>
              mark.flatMap((heardAt) => [
                ...mark.map((calledBackAt) => ({
                  ...{ type, status, intent, urgent, hasNumber, heardAt, calledBackAt, ...charged, anonymised: false },
                })),
                ...(hasNumber || heardAt
                  ? []
                  : [
                      {
                        ...{ type, status, intent, urgent, hasNumber, heardAt, calledBackAt: null },
                        ...{ ...charged, anonymised: true },
                      },
                    ]),
                // Screened: what matters beside it is how the call ended.
                ...(heardAt || intent !== 'message'
                  ? []
                  : Object.values(Uncharged).flatMap((uncharged) =>
                      mark.map((notSpamAt) => ({
                        ...{ type, status, intent, urgent, hasNumber, heardAt, calledBackAt: null },
                        ...{ uncharged, notSpamAt, anonymised: false },
                      })),
                    )),
              ]),
            ),
          ),
        ),
      ),
    );
    await owner.call.createMany({
      data: rows.map(({ hasNumber, ...row }) => {
        const id = newId();
        facts.set(id, { ...row, hasNumber });
        return seal('Call', {
          ...row,
          businessId: business.id,
          id,
          callSid: row.anonymised ? null : freshSid('CA'),
          calledNumber: '+12125550100',
          callerNumber: hasNumber ? '+14155550132' : null,
          startedAt: at,
          heardBy: row.heardAt && ana.id,
          calledBackBy: row.calledBackAt && ana.id,
          notSpamBy: row.notSpamAt && ana.id,
        });
      }),
    });
  });

  test.each([
    ['to call back', { toCallBack: true }, isToCallBack],
    ['not listened to', { unheard: true }, isUnheard],
  ])('%s: the database finds the calls that the rule names, of every kind of call', async (_, where, rule) => {
    const found = await owner.call.findMany({ where: { businessId: business.id, ...where }, select: { id: true } });
    const named = [...facts].filter(([, call]) => rule(call)).map(([id]) => id);
    expect(found.map(({ id }) => id).toSorted()).toEqual(named.toSorted());
    expect(named.length).toBeGreaterThan(0);
  });

  test('spam: the database finds the calls whose caller was found to be nobody, unless somebody said otherwise', async () => {
    const found = await owner.call.findMany({ where: { businessId: business.id, spam: true }, select: { id: true } });
    const nobody = [...facts].filter(
      ([, { uncharged, notSpamAt }]) => notSpamAt === null && uncharged !== null && uncharged !== 'short',
    );
    expect(found.map(({ id }) => id).toSorted()).toEqual(nobody.map(([id]) => id).toSorted());
    expect(nobody.length).toBeGreaterThan(0);
  });

  test.each(ENDINGS)('%s: the filter finds the calls that ended so, and no others', async (ending) => {
    const found = await owner.call.findMany({
      where: { businessId: business.id, endedAs: ending },
      select: { id: true, status: true },
    });
    expect(found.length).toBeGreaterThan(0);
    expect(found.length).toBe(await owner.call.count({ where: { businessId: business.id, status: ending } }));
    expect(new Set(found.map(({ status }) => status))).toEqual(new Set([ending]));
  });

  test('whoever has left a message that nobody has heard waits to be called back', () => {
    for (const call of facts.values()) if (isUnheard(call)) expect(isToCallBack(call)).toBe(true);
  });
});
