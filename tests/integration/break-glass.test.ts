/** An admin looks at a business's calls: with a reason, for a while, seen by its owner, and to look alone. */
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { breakGlass, giveBack } from '@/lib/accounts/administration/break-glass';
import { endGrant } from '@/lib/accounts/administration/end-grant';
import { listGrants } from '@/lib/accounts/administration/list-grants';
import { readPlatform } from '@/lib/accounts/administration/read-platform';
import { signOut } from '@/lib/accounts/sign-in/sign-out';
import { colleagues } from '@/lib/audit/colleagues';
import { inspectBusiness } from '@/lib/businesses/inspect-business';
import { listCalls } from '@/lib/calls/list-calls';
import { listToday } from '@/lib/calls/list-today';
import { markHeard } from '@/lib/calls/mark-heard';
import { readCall } from '@/lib/calls/read-call';
import { newId } from '@/lib/platform/clock';
import { database } from '@/lib/platform/db';
import { enterBySession } from '@/lib/platform/enter';
import { NotFound, Refusal } from '@/lib/platform/errors';
import { hashPassword } from '@/lib/platform/password';
import type { Member, Visit } from '@/lib/platform/visit';
import { testDatabase } from '@/tests/support/database';
import { makeBusiness, makeCall, makePerson, ownerClient } from '@/tests/support/rows';
import { asGrantee, asMember, asOperator, asPerson } from '@/tests/support/visits';

const { owner: ownerUrl } = await testDatabase();
const owner = ownerClient(ownerUrl);
// What the database says. Prisma's messages quote the lines around the call, so these stand far from it.
const notGranted = /Message: `permission denied for/;
const walled = /Message: `new row violates row-level security policy for table "audit_logs"`/;
const tooLong = /Message: `new row for relation "access_grants" violates check constraint "access_grants_an_hour"`/;
const nowhere = { ipAddress: null, userAgent: null };
const reason = 'The owner asked us to find a lost message.';

type Person = Awaited<ReturnType<typeof makePerson>>;
let clinic: Awaited<ReturnType<typeof makeBusiness>>;
let plumber: Awaited<ReturnType<typeof makeBusiness>>;
let call: Awaited<ReturnType<typeof makeCall>>;
let other: Awaited<ReturnType<typeof makeCall>>;
let admin: Person;
let boss: Person;
let staff: Person;
beforeEach(async () => {
  clinic = await makeBusiness(owner, { name: 'Harbour Dental' });
  plumber = await makeBusiness(owner);
  admin = await makePerson(owner, { role: 'admin' });
  boss = await makePerson(owner, { member: { businessId: clinic.id, role: 'business_owner' } });
  staff = await makePerson(owner, { member: { businessId: clinic.id, role: 'staff' } });
  call = await makeCall(owner, clinic.id, { heard: { at: new Date(), by: staff.id } });
  other = await makeCall(owner, plumber.id);
});
afterAll(async () => {
  await owner.$disconnect();
  await database().prisma.$disconnect();
  await database().pool.end();
});

const open = (lasting = 15, at?: Date) =>
  asOperator(admin.sessionId, breakGlass, { id: clinic.id, reason, lasting }, at);
const all = { show: 'all', status: null, caller: null } as const;
const look = (at?: Date) => asGrantee(admin.sessionId, listCalls, all, at);
const isIn = async (at = new Date(), sessionId = admin.sessionId) =>
  (await enterBySession(sessionId, nowhere, at, async ({ viewer }) => viewer.businessId, 'grantee')) !== null;
const inMinutes = (minutes: number) => new Date(Date.now() + minutes * 60_000);
const theGrant = () => owner.accessGrant.findFirstOrThrow({ where: { businessId: clinic.id } });

describe('a grant', () => {
  test('V8.4.1 opens the calls of one business, to read and to look at, and of no other', async () => {
    expect(await isIn()).toBe(false);
    await open();
    expect((await look()).calls.map(({ id }) => id)).toEqual([call.id]);
    expect(await asGrantee(admin.sessionId, readCall, { id: call.id })).toMatchObject({
      wanted: 'Please call me back.',
    });
    await asGrantee(admin.sessionId, listToday, {});
    await expect(asGrantee(admin.sessionId, readCall, { id: other.id })).rejects.toThrow(NotFound);
  });

  test('needs a reason that is a sentence', async () => {
    for (const poor of ['', 'because', '                                  '])
      await expect(
        asOperator(admin.sessionId, breakGlass, { id: clinic.id, reason: poor, lasting: 15 }),
      ).rejects.toThrow(Refusal);
    expect(await isIn()).toBe(false);
  });

  test('ends by the database’s own look at the time, and lasts an hour at most whoever asks for more', async () => {
    await open(15);
    expect([await isIn(inMinutes(14)), await isIn(inMinutes(15.1))]).toEqual([true, false]);
    await expect(open(61)).rejects.toThrow(tooLong);
  });

  test('belongs to the session that asked: neither another admin nor another session of the same one is let in', async () => {
    await open();
    const colleague = await makePerson(owner, { role: 'admin' });
    const at = new Date();
    const second = newId();
    await owner.session.create({
      data: {
        id: second,
        userId: admin.id,
        createdAt: at,
        lastSeenAt: at,
        idleSeconds: 3600,
        expiresAt: new Date(at.getTime() + 3_600_000),
      },
    });
    expect([await isIn(at, colleague.sessionId), await isIn(at, second), await isIn(at)]).toEqual([false, false, true]);
  });

  test('is seen by the operator with the name of its admin, which the trail says was read', async () => {
    await open();
    const { people, grants } = await asOperator(admin.sessionId, inspectBusiness, { id: clinic.id });
    expect(grants).toMatchObject([{ who: 'Somebody', reason }]);
    const entry = await owner.auditLog.findFirst({ where: { action: 'business.read', resourceId: clinic.id } });
    expect(entry?.details).toEqual({ ids: [...people.map(({ id }) => id), admin.id] });
  });

  test('V8.3.2 is worth nothing from the moment its admin is none, is suspended, or has signed out', async () => {
    await open();
    await makePerson(owner, { role: 'admin', passwordHash: await hashPassword('nine grey herons') }); // somebody stays
    await owner.user.update({ where: { id: admin.id }, data: { suspendedAt: new Date() } });
    expect((await enterBySession(admin.sessionId, nowhere, new Date(), async () => true, 'grantee')) ?? false).toBe(
      false,
    );
    await owner.user.update({ where: { id: admin.id }, data: { suspendedAt: null } });
    expect(await isIn()).toBe(true);
    await owner.user.update({ where: { id: admin.id }, data: { role: 'user' } });
    expect(await isIn()).toBe(false);
    await owner.user.update({ where: { id: admin.id }, data: { role: 'admin' } });
    await asPerson(admin.sessionId, signOut, null);
    expect((await enterBySession(admin.sessionId, nowhere, new Date(), async () => true, 'grantee')) ?? false).toBe(
      false,
    );
  });

  test('is given back at once, and a new one takes the place of the one before', async () => {
    await open();
    await asOperator(admin.sessionId, breakGlass, { id: plumber.id, reason, lasting: 15 });
    expect((await asGrantee(admin.sessionId, listCalls, all)).calls.map(({ id }) => id)).toEqual([other.id]);
    expect(await theGrant()).toMatchObject({ endedBy: admin.id });
    await asOperator(admin.sessionId, giveBack, {});
    expect(await isIn()).toBe(false);
    await expect(asOperator(admin.sessionId, giveBack, {})).rejects.toThrow(NotFound);
  });
});

describe('inside, the database lets an admin', () => {
  const inside = <T>(run: (visit: Visit<Member>) => Promise<T>) => asGrantee(admin.sessionId, run, {});
  beforeEach(() => open());

  test('change nothing', async () => {
    await expect(asGrantee(admin.sessionId, markHeard, { id: call.id })).rejects.toThrow(notGranted);
    for (const statement of [
      'UPDATE calls SET heard_at = now()',
      'DELETE FROM call_events',
      "UPDATE businesses SET greeting = 'x'",
      'DELETE FROM phone_routes',
      "UPDATE users SET role = 'admin'",
      'UPDATE sessions SET revoked_at = now()',
      'UPDATE access_grants SET expires_at = expires_at',
      'DELETE FROM audit_logs',
      'INSERT INTO jobs DEFAULT VALUES',
    ])
      await expect(
        inside(({ tx }) => tx.$executeRawUnsafe(statement)),
        statement,
      ).rejects.toThrow(notGranted);
  });

  test('read no password, no number to ring, no appointment, no e-mail and no setting', async () => {
    for (const [table, column] of [
      ['credentials', '*'],
      ['duty_contacts', '*'],
      ['appointments', '*'],
      ['users', 'email'],
      ['businesses', 'contact_email'],
      ['sessions', '*'],
      ['audit_logs', '*'],
    ])
      await expect(
        inside(({ tx }) => tx.$queryRawUnsafe(`SELECT ${column} FROM ${table}`)),
        table,
      ).rejects.toThrow(notGranted);
  });

  test('write to no trail but that business’s, and never without the grant', async () => {
    const write = (details: object, businessId: string | null) =>
      inside(({ tx, viewer }) =>
        tx.auditLog.createMany({
          data: {
            id: newId(),
            businessId,
            userId: viewer.userId,
            action: 'call.read',
            resourceType: 'call',
            details,
            timestamp: new Date(),
          },
        }),
      );
    const { id } = await theGrant();
    await write({ grant: id }, clinic.id);
    await expect(write({}, clinic.id)).rejects.toThrow(walled);
    await expect(write({ grant: newId() }, clinic.id)).rejects.toThrow(walled);
    await expect(write({ grant: id }, plumber.id)).rejects.toThrow(walled);
    await expect(write({ grant: id }, null)).rejects.toThrow(walled);
  });
});

describe('the owner', () => {
  test('hears of it by mail, every one of them, and staff does not', async () => {
    await open();
    const { id } = await theGrant();
    const mails = await owner.job.findMany({ where: { key: { startsWith: `break-glass ${id}` } } });
    expect(mails.map(({ payload }) => payload)).toEqual([{ userId: boss.id, mail: 'break_glass' }]);
  });

  test('reads who, why, from when, until when, and which calls were opened', async () => {
    await makeCall(owner, clinic.id);
    await open();
    const before = await asMember(boss.sessionId, listGrants, {});
    expect(before).toMatchObject([{ who: 'Somebody', reason, isOpen: true, endedEarly: null, calls: [] }]);
    await asGrantee(admin.sessionId, readCall, { id: call.id });
    const [now] = await asMember(boss.sessionId, listGrants, {});
    expect(now?.calls.map(({ id }) => id)).toContain(call.id);
    const entry = await owner.auditLog.findFirst({ where: { businessId: clinic.id, action: 'call.read' } });
    expect(entry).toMatchObject({ userId: admin.id, resourceId: call.id, details: { grant: (await theGrant()).id } });
    expect(await owner.auditLog.findFirst({ where: { businessId: clinic.id, action: 'grant.create' } })).toMatchObject({
      userId: admin.id,
    });
  });

  test.each([
    ['it was signed out', { revokedAt: inMinutes(5) }],
    ['it was idle for too long', { idleSeconds: 300 }],
    ['its hours are over', { expiresAt: inMinutes(5) }],
  ])('is not told that it is open when the session that opened it has ended: %s', async (_, ending) => {
    await owner.accessGrant.deleteMany();
    await open(15);
    await owner.session.update({ where: { id: admin.sessionId }, data: ending });
    const seen = (at: Date) => asMember(boss.sessionId, listGrants, {}, at);
    expect(await seen(inMinutes(4))).toMatchObject([{ isOpen: true, endedEarly: null }]);
    const [over] = await seen(inMinutes(6));
    expect(over).toMatchObject({ isOpen: false, endedEarly: 'with_session' });
    expect(Math.abs((over?.endsAt.getTime() ?? 0) - inMinutes(5).getTime())).toBeLessThan(30_000);
    expect(await isIn(inMinutes(6))).toBe(false);
    const { looksOpen } = await asOperator(
      (await makePerson(owner, { role: 'admin' })).sessionId,
      readPlatform,
      {},
      inMinutes(6),
    );
    expect(looksOpen).toBe(0);
  });

  test('is told of the end that came first: a session that ends afterwards changes nothing', async () => {
    await open(15);
    await asOperator(admin.sessionId, giveBack, {});
    await owner.session.update({ where: { id: admin.sessionId }, data: { revokedAt: inMinutes(5) } });
    expect(await asMember(boss.sessionId, listGrants, {}, inMinutes(20))).toMatchObject([{ endedEarly: 'given_back' }]);
  });

  test('finds the admin by name among those of the trail', async () => {
    await open();
    const people = await asMember(boss.sessionId, colleagues, {});
    expect(people).toContainEqual({ id: admin.id, name: 'Somebody (AfterCallPro)' });
    expect(people).toContainEqual({ id: boss.id, name: 'Somebody' });
  });

  test('ends it at once, and it stays ended', async () => {
    await open();
    const { id } = await theGrant();
    await asMember(boss.sessionId, endGrant, { id });
    expect(await isIn()).toBe(false);
    await expect(look()).rejects.toThrow();
    const again = await asOperator(
      admin.sessionId,
      ({ tx }) =>
        tx.$executeRaw`UPDATE access_grants SET ended_at = now(), ended_by = ${admin.id}::uuid WHERE id = ${id}::uuid`,
      {},
    );
    expect(again).toBe(0);
    expect(await asMember(boss.sessionId, listGrants, {})).toMatchObject([{ isOpen: false, endedEarly: 'by_owner' }]);
  });

  test('alone may: for staff and for a neighbour there is nothing to end', async () => {
    await open();
    const { id } = await theGrant();
    const neighbour = await makePerson(owner, { member: { businessId: plumber.id, role: 'business_owner' } });
    await expect(asMember(staff.sessionId, endGrant, { id })).rejects.toThrow(NotFound);
    await expect(asMember(neighbour.sessionId, endGrant, { id })).rejects.toThrow(NotFound);
    expect(await asMember(neighbour.sessionId, listGrants, {})).toEqual([]);
    expect(await isIn()).toBe(true);
  });
});

test('a reason is sealed: it may name somebody', async () => {
  await open();
  const row = await theGrant();
  expect(Buffer.from(row.reason).toString('latin1')).not.toContain('lost message');
});
