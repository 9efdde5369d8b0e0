/** The actions of the screens, sent as a browser sends them: who may change what, and what is left when they may not. */
import { encode } from 'next-auth/jwt';
import { afterAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { openBusiness } from '@/app/account/actions';
import { findCaller, markCalledBack, markHeard, markUnheard, undoCalledBack } from '@/app/dashboard/calls/actions';
import { saveGreeting } from '@/app/dashboard/greeting/actions';
import { saveHours } from '@/app/dashboard/hours/actions';
import { saveNumber } from '@/app/dashboard/number/actions';
import { savePeople } from '@/app/dashboard/people/actions';
import { newId } from '@/lib/platform/clock';
import { database } from '@/lib/platform/db';
import { testDatabase } from '@/tests/support/database';
import { makeBusiness, makeCall, makePerson, ownerClient } from '@/tests/support/rows';

const request = vi.hoisted(() => ({ cookie: '', origin: 'http://127.0.0.1:3000' }));
vi.mock('next/headers', () => ({
  cookies: async () => ({ get: () => (request.cookie ? { value: request.cookie } : undefined) }),
  headers: async () => new Headers({ origin: request.origin }),
}));
vi.mock('next/cache', () => ({ revalidatePath: () => {} }));
vi.mock('next/server', () => ({ after: () => {} }));
vi.mock('next/navigation', () => ({
  redirect: (path: string) => {
    throw new Error(`went to ${path}`);
  },
}));

const { owner: ownerUrl } = await testDatabase();
const owner = ownerClient(ownerUrl);

type Person = Awaited<ReturnType<typeof makePerson>>;
let business: Awaited<ReturnType<typeof makeBusiness>>;
let call: Awaited<ReturnType<typeof makeCall>>;
let people: Record<'business_owner' | 'staff' | 'user' | 'admin' | 'neighbour', Person>;
beforeEach(async () => {
  request.origin = 'http://127.0.0.1:3000';
  business = await makeBusiness(owner, { duty: ['+14155550140'] });
  call = await makeCall(owner, business.id, { callerNumber: '+14155550177' });
  const next = await makeBusiness(owner);
  people = {
    business_owner: await makePerson(owner, { member: { businessId: business.id, role: 'business_owner' } }),
    staff: await makePerson(owner, { member: { businessId: business.id, role: 'staff' } }),
    user: await makePerson(owner),
    admin: await makePerson(owner, { role: 'admin' }),
    neighbour: await makePerson(owner, { member: { businessId: next.id, role: 'business_owner' } }),
  };
});
afterAll(async () => {
  await owner.$disconnect();
  await database().prisma.$disconnect();
  await database().pool.end();
});

type Action = typeof saveHours;
async function send(action: Action, who: Person | null, fields: Record<string, string>) {
  request.cookie = who ? await encode({ token: { sid: who.sessionId }, secret: process.env.SECRET_KEY ?? '' }) : '';
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.set(name, value);
  return action(null, form).catch((error: Error) => ({ ok: true, message: error.message }));
}

const everything = async () => ({
  businesses: await owner.business.findMany({ orderBy: { id: 'asc' } }),
  routes: await owner.phoneRoute.findMany({ orderBy: { number: 'asc' } }),
  duty: await owner.dutyContact.findMany({ orderBy: { id: 'asc' } }),
  calls: await owner.call.findMany({ orderBy: { id: 'asc' } }),
});
const denials = (userId: string) => owner.auditLog.count({ where: { userId, action: 'access.deny' } });

const settings: [string, Action, Record<string, string>][] = [
  ['hours', saveHours, { zone: 'Europe/Berlin', '1.0.opens': '10:00', '1.0.closes': '11:00' }],
  ['greeting', saveGreeting, { greeting: 'Good evening.' }],
  ['number', saveNumber, { number: '+13125550188' }],
  ['people', savePeople, { 'people.0.name': 'Eve', 'people.0.number': '+13125550189', ringSeconds: '30' }],
];
const marks: [string, Action][] = [
  ['heard', markHeard],
  ['unheard', markUnheard],
  ['called back', markCalledBack],
  ['not called back', undoCalledBack],
];

describe.each(settings)('the %s', (_, save, fields) => {
  test('are changed by the owner alone, and whoever is denied leaves a trace', async () => {
    const before = await everything();
    for (const who of [people.staff, people.user, people.admin]) {
      expect(await send(save, who, fields)).toMatchObject({ ok: false, message: expect.stringContaining('not yours') });
      expect(await denials(who.id)).toBe(1);
    }
    expect(await send(save, null, fields)).toMatchObject({ ok: false, message: expect.stringContaining('signed out') });
    expect(await everything()).toEqual(before);
    expect(await send(save, people.business_owner, fields)).toMatchObject({ ok: true });
    expect(await everything()).not.toEqual(before);
  });

  test('are not changed by a form from another site', async () => {
    const before = await everything();
    for (const origin of ['https://evil.example', 'null', 'http://127.0.0.1:3000.evil.example']) {
      request.origin = origin;
      expect(await send(save, people.business_owner, fields)).toMatchObject({ ok: false });
    }
    expect(await everything()).toEqual(before);
  });
});

describe.each(marks)('marking as %s', (_, mark) => {
  test('is for the people of the business; another business finds no call there', async () => {
    for (const who of [people.business_owner, people.staff]) {
      expect(await send(mark, who, { id: call.id })).toMatchObject({ ok: true });
    }
    const before = await everything();
    expect(await send(mark, people.neighbour, { id: call.id })).toMatchObject({
      ok: false,
      message: expect.stringContaining('no longer here'),
    });
    for (const who of [people.user, people.admin, null]) {
      expect(await send(mark, who, { id: call.id })).toMatchObject({ ok: false });
    }
    for (const id of ['', 'x', `${call.id}'`, newId()]) {
      expect(await send(mark, people.staff, { id })).toMatchObject({ ok: false });
    }
    expect(await everything()).toEqual(before);
  });
});

test('what was typed comes back with the mistake, and no more than that', async () => {
  const fields = { zone: 'Nowhere', '1.0.opens': '10:00', '1.0.closes': '09:00' };
  expect(await send(saveHours, people.business_owner, fields)).toEqual({
    ok: false,
    message: expect.stringContaining('Nothing has changed'),
    errors: { zone: expect.any(String), '1.0.opens': expect.any(String) },
    values: fields,
  });
});

test('a form of more fields than anybody fills in is refused', async () => {
  const fields = Object.fromEntries(Array.from({ length: 4_001 }, (_, n) => [`1.${n}.opens`, '09:00']));
  const before = await everything();
  expect(await send(saveHours, people.business_owner, fields)).toMatchObject({ ok: false });
  expect(await everything()).toEqual(before);
});

test('looking for a number leads to an address without it', async () => {
  const went = await send(findCaller, people.staff, { number: '+1 415 555 0177' });
  expect(went).toMatchObject({ message: `went to /dashboard/calls?caller=${call.id}` });
});

test('a business of somebody else does not open', async () => {
  expect(await send(openBusiness, people.neighbour, { id: business.id })).toMatchObject({ ok: false });
  expect(await send(openBusiness, people.staff, { id: business.id })).toMatchObject({ message: 'went to /dashboard' });
});
