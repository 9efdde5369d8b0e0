/** The line's settings and the account: what is stored, what is refused, and that a refusal changes nothing. */
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { readPlatform } from '@/lib/accounts/administration/read-platform';
import { openBusiness } from '@/lib/accounts/open-business';
import { readAccount } from '@/lib/accounts/read-account';
import { readGreeting } from '@/lib/businesses/read-greeting';
import { readHours } from '@/lib/businesses/read-hours';
import { readNumber } from '@/lib/businesses/read-number';
import { readPeople } from '@/lib/businesses/read-people';
import { saveGreeting } from '@/lib/businesses/save-greeting';
import { saveHours } from '@/lib/businesses/save-hours';
import { saveNumber } from '@/lib/businesses/save-number';
import { savePeople } from '@/lib/businesses/save-people';
import { readCall } from '@/lib/calls/read-call';
import { newId } from '@/lib/platform/clock';
import { database } from '@/lib/platform/db';
import { enterBySession } from '@/lib/platform/enter';
import { NotFound, Refusal } from '@/lib/platform/errors';
import type { Member, Operator, Visit } from '@/lib/platform/visit';
import { testDatabase } from '@/tests/support/database';
import { freshNumber, makeBusiness, makeCall, makePerson, ownerClient } from '@/tests/support/rows';
import { asMember, asPerson } from '@/tests/support/visits';

const { owner: ownerUrl } = await testDatabase();
const owner = ownerClient(ownerUrl);
const at = new Date('2026-03-02T10:00:00Z');

let business: Awaited<ReturnType<typeof makeBusiness>>;
let ana: Awaited<ReturnType<typeof makePerson>>;
beforeEach(async () => {
  business = await makeBusiness(owner, { duty: ['+14155550140', '+14155550141'] });
  ana = await makePerson(owner, { at, member: { businessId: business.id, role: 'business_owner' } });
});
afterAll(async () => {
  await owner.$disconnect();
  await database().prisma.$disconnect();
  await database().pool.end();
});

const as = <I, T>(useCase: (visit: Visit<Member>, input: I) => Promise<T>, input: I) =>
  asMember(ana.sessionId, useCase, input, at);
const refused = async (attempt: Promise<unknown>) => {
  const error = await attempt.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(Refusal);
  return (error as Refusal).fields;
};
const stored = () =>
  owner.business.findUniqueOrThrow({
    where: { id: business.id },
    include: { dutyContacts: { orderBy: { position: 'asc' } }, phoneRoutes: true },
  });
const updates = async () => {
  const entries = await owner.auditLog.findMany({
    where: { businessId: business.id, action: 'business.update' },
    orderBy: { id: 'asc' },
  });
  return entries.map(({ details }) => (details as { fields: string[] }).fields);
};

const week = { zone: 'America/New_York', '1.0.opens': '09:00', '1.0.closes': '12:30' };

describe('hours', () => {
  test('are stored as typed, with split shifts, a night and special days, and come back the same', async () => {
    await as(saveHours, {
      ...week,
      zone: 'Europe/Berlin',
      '1.1.opens': '14:00',
      '1.1.closes': '18:00',
      '6.0.opens': '22:00',
      '6.0.closes': '00:00',
      'exceptions.0.date': '2026-12-25',
      'exceptions.0.reason': 'Christmas Day',
      'exceptions.1.date': '2026-12-31',
      'exceptions.1.0.opens': '09:00',
      'exceptions.1.0.closes': '12:00',
    });
    const { hours, preview } = await as(readHours, {});
    expect(hours).toMatchObject({
      zone: 'Europe/Berlin',
      weekly: {
        1: [
          [540, 750],
          [840, 1080],
        ],
        2: [],
        6: [[1320, 1440]],
      },
      exceptions: [
        { date: '2026-12-25', shifts: [], reason: 'Christmas Day' },
        { date: '2026-12-31', shifts: [[540, 720]], reason: '' },
      ],
    });
    expect(preview).toEqual({ at: '2026-03-08T21:00', steps: [] });
    expect(await updates()).toEqual([['zone', 'weeklyHours', 'exceptions']]);
  });

  test('with one mistake change nothing, and the mistake stands beside its field', async () => {
    const before = await stored();
    const fields = await refused(as(saveHours, { ...week, '2.0.opens': '10:00', '2.0.closes': '09:00' }));
    expect(Object.keys(fields)).toEqual(['2.0.opens']);
    expect(await stored()).toEqual(before);
    expect(await updates()).toEqual([]);
  });

  test('saved as they are, are an entry without a field', async () => {
    await as(saveHours, week);
    await as(saveHours, week);
    expect(await updates()).toEqual([['weeklyHours'], []]);
  });

  test('say what would happen to a call, by the duty list, and note that it was opened', async () => {
    const { preview } = await as(readHours, { at: '2026-03-02T10:30' });
    expect(preview.steps[0]?.what.join(' ')).toContain('Person 1');
    const closed = await as(readHours, { at: '2026-03-08T21:00' });
    expect(closed.preview.steps[0]?.what.join(' ')).toContain('We are closed right now.');
    expect(await owner.auditLog.count({ where: { businessId: business.id, action: 'duty_contact.read' } })).toBe(2);
    expect((await as(readHours, { at: 'whenever' })).preview).toEqual({ at: '2026-03-08T21:00', steps: [] });
  });
});

describe('the greeting', () => {
  test('keeps its lines and loses what no voice can speak', async () => {
    await as(saveGreeting, { greeting: '  Hello.\r\nWe are\u0000 closed.  ' });
    expect((await as(readGreeting, undefined)).greeting).toBe('Hello.\nWe are closed.');
    expect(await updates()).toEqual([['greeting']]);
  });

  test.each([
    ['blank', ' \n\t '],
    ['without a character to speak', '\u0007\u0000'],
    ['too long', 'x'.repeat(1001)],
  ])('that is %s is refused', async (_, greeting) => {
    const before = await stored();
    expect(await refused(as(saveGreeting, { greeting }))).toHaveProperty('greeting');
    expect(await stored()).toEqual(before);
  });
});

describe('the number', () => {
  test('that callers dial takes the place of the one before it', async () => {
    const number = freshNumber();
    await as(saveNumber, { number: number.replace('+1212', '(212) ') });
    expect((await as(readNumber, undefined)).number).toBe(number);
    expect((await stored()).phoneRoutes.map((route) => route.number)).toEqual([number]);
    expect(await updates()).toEqual([['number']]);
  });

  test('of another business is refused without a word about whose it is', async () => {
    const other = await makeBusiness(owner, { name: 'Baxter & Sons' });
    const fields = await refused(as(saveNumber, { number: other.number }));
    expect(fields.number).not.toContain('Baxter');
    expect((await as(readNumber, undefined)).number).toBe(business.number);
    expect(await owner.phoneRoute.findUnique({ where: { number: other.number } })).toMatchObject({
      businessId: other.id,
    });
  });

  test('V2.3.4 is had by one business, and kept by it, where twenty ask for it at once', async () => {
    const number = freshNumber();
    const asks = await Promise.all(
      Array.from({ length: 20 }, async () => {
        const { id } = await makeBusiness(owner);
        const { sessionId } = await makePerson(owner, { at, member: { businessId: id, role: 'business_owner' } });
        return { id, ask: () => asMember(sessionId, saveNumber, { number }, at) };
      }),
    );
    const answers = await Promise.allSettled(asks.map(({ ask }) => ask()));
    const had = asks.filter((_, index) => answers[index]?.status === 'fulfilled');
    expect(had).toHaveLength(1);
    expect(await owner.phoneRoute.findMany({ where: { number } })).toMatchObject([{ businessId: had[0]?.id }]);
    for (const answer of answers) if (answer.status === 'rejected') expect(answer.reason).toBeInstanceOf(Refusal);
  });

  test.each(['', 'abc', '+1', '+14155550140', '+266 anonymous'])('%j is refused', async (number) => {
    expect(await refused(as(saveNumber, { number }))).toHaveProperty('number');
    expect((await as(readNumber, undefined)).number).toBe(business.number);
  });
});

describe('the people', () => {
  const list = { ringSeconds: '25', emergency: 'on' };

  test('are stored in the order of the form, sealed, and come back in it', async () => {
    const form = {
      ...list,
      'people.0.name': 'Zoë',
      'people.0.number': '(415) 555-0150',
      'people.1.name': '',
      'people.1.number': '',
      'people.2.name': '<b>Al</b>',
      'people.2.number': '+49 30 901820',
    };
    await as(savePeople, form);
    await as(savePeople, form);
    expect(await as(readPeople, undefined)).toMatchObject({
      people: [
        { name: 'Zoë', number: '+14155550150', unanswered: null },
        { name: '<b>Al</b>', number: '+4930901820', unanswered: null },
      ],
      ringWhileOpen: false,
      emergency: true,
      ringSeconds: 25,
    });
    const { dutyContacts } = await stored();
    expect(Buffer.concat(dutyContacts.map(({ name }) => name)).includes('Zoë')).toBe(false);
    expect(await updates()).toEqual([['forwardWhenOpen', 'ringSeconds', 'dutyContacts'], []]);
    const opened = await owner.auditLog.findFirst({ where: { businessId: business.id, action: 'duty_contact.read' } });
    expect(opened).toMatchObject({ details: { ids: dutyContacts.map(({ id }) => id) } });
  });

  test('cannot be the number that callers dial, which would ring itself', async () => {
    const before = await stored();
    const form = { ...list, 'people.0.name': 'Loop', 'people.0.number': business.number };
    expect(Object.keys(await refused(as(savePeople, form)))).toEqual(['people.0.number']);
    expect(await stored()).toEqual(before);
  });

  test('who did not answer when they were rung last are said not to, also after the list has changed', async () => {
    const zoe = { 'people.0.name': 'Zoë', 'people.0.number': '(415) 555-0150' };
    await as(savePeople, { ...list, ...zoe });
    const [{ id: contactId } = { id: '' }] = (await stored()).dutyContacts;
    const { id: callId } = await makeCall(owner, business.id, { startedAt: at });
    for (const [n, kind] of ['person_took_it', 'person_missed_it', 'person_missed_it'].entries()) {
      await owner.callEvent.create({
        data: {
          ...{ businessId: business.id, id: newId(), callId, key: `${n}`, kind },
          detail: { person: 0, contactId },
          at: new Date(at.getTime() + n * 1000),
        },
      });
    }
    await as(savePeople, {
      ...list,
      'people.0.name': 'Al',
      'people.0.number': '+49 30 901820',
      'people.1.name': 'Zoë',
      'people.1.number': '+1 415 555 0150',
    });
    expect((await as(readPeople, undefined)).people.map(({ name, unanswered }) => [name, unanswered?.times])).toEqual([
      ['Al', undefined],
      ['Zoë', 2],
    ]);
    const { events } = await as(readCall, { id: callId });
    expect(events.map(({ text }) => text)).toEqual([
      'We reached Zoë, who took the call',
      'Not taken by Zoë',
      'Not taken by Zoë',
    ]);
  });

  test('of another business are out of reach', async () => {
    const other = await makeBusiness(owner, { duty: ['+13125550177'] });
    await as(savePeople, list);
    expect(await owner.dutyContact.count({ where: { businessId: other.id } })).toBe(1);
    expect((await as(readPeople, undefined)).people).toEqual([]);
  });
});

describe('an account', () => {
  test('shows who one is and one’s own businesses', async () => {
    const account = await asPerson(ana.sessionId, readAccount, undefined, at);
    expect(account).toMatchObject({
      email: ana.email,
      zone: 'America/New_York',
      businesses: [{ id: business.id, role: 'business_owner', open: true }],
    });
  });

  test('opens another business of one’s own, and none of anybody else', async () => {
    const second = await makeBusiness(owner);
    const foreign = await makeBusiness(owner);
    await owner.membership.create({ data: { businessId: second.id, userId: ana.id, role: 'staff' } });
    const open = (id: string) => asPerson(ana.sessionId, openBusiness, { id }, at);
    await expect(open(foreign.id)).rejects.toThrow(NotFound);
    await expect(open(newId())).rejects.toThrow(NotFound);
    await open(second.id);
    const role = await asPerson(ana.sessionId, async ({ viewer }) => [viewer.businessId, viewer.role], undefined, at);
    expect(role).toEqual([second.id, 'staff']);
  });
});

test('the operator counts the platform without reading a call', async () => {
  const admin = await makePerson(owner, { at, role: 'admin' });
  const counted = () =>
    enterBySession(
      admin.sessionId,
      { ipAddress: null, userAgent: null },
      at,
      (visit) => readPlatform(visit as Visit<Operator>),
      'operator',
    );
  const before = await counted();
  await makeCall(owner, business.id, { startedAt: new Date('2026-03-02T00:00:00Z') });
  await makeCall(owner, business.id, { startedAt: new Date('2026-03-01T23:59:59Z') });
  await owner.job.create({ data: { id: newId(), kind: 'alert', key: newId(), runAt: at } });
  const after = await counted();
  expect(after?.callsToday).toBe((before?.callsToday ?? 0) + 1);
  expect(after).toMatchObject({ jobsWaiting: (before?.jobsWaiting ?? 0) + 1, oldestJobWaiting: at, jobsDead: 0 });
});
