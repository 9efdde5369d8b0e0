/** The trail: nothing in it changes, everything in it is found, and nobody sees another's. */
import fc from 'fast-check';
import pg from 'pg';
import { afterAll, beforeEach, describe, expect, inject, test } from 'vitest';
import { signIn } from '@/lib/accounts/sign-in/sign-in';
import { type AuditPage, auditPage } from '@/lib/audit/filters';
import { findPerson } from '@/lib/audit/find-person';
import { listEntries } from '@/lib/audit/list-entries';
import { listPlatformEntries } from '@/lib/audit/list-platform-entries';
import type { Prisma } from '@/lib/generated/prisma/client';
import { newId } from '@/lib/platform/clock';
import { database } from '@/lib/platform/db';
import { enterBySession, enterForSignIn } from '@/lib/platform/enter';
import { NotFound } from '@/lib/platform/errors';
import { hashPassword } from '@/lib/platform/password';
import type { Operator, Visit } from '@/lib/platform/visit';
import { testDatabase } from '@/tests/support/database';
import { makeBusiness, makePerson, ownerClient } from '@/tests/support/rows';
import { asMember } from '@/tests/support/visits';

const { owner: ownerUrl } = await testDatabase();
const owner = ownerClient(ownerUrl);
const at = new Date('2026-03-02T15:00:00Z');
const nowhere = { ipAddress: null, userAgent: null };
const minutesBefore = (minutes: number) => new Date(at.getTime() - minutes * 60_000);

type Person = Awaited<ReturnType<typeof makePerson>>;
let business: Awaited<ReturnType<typeof makeBusiness>>;
let ana: Person;
beforeEach(async () => {
  business = await makeBusiness(owner);
  ana = await makePerson(owner, { at, member: { businessId: business.id, role: 'business_owner' } });
});
afterAll(async () => {
  await owner.$disconnect();
  await database().prisma.$disconnect();
  await database().pool.end();
});

type Row = Partial<Prisma.AuditLogCreateManyInput>;
async function write(...rows: Row[]): Promise<string[]> {
  const whole = rows.map((row) => ({
    id: newId(),
    businessId: business.id,
    userId: ana.id,
    action: 'call.read',
    resourceType: 'call',
    timestamp: minutesBefore(60),
    ...row,
  }));
  await owner.auditLog.createMany({ data: whole });
  return whole.map(({ id }) => id);
}

const look = (asked: Partial<AuditPage> = {}, who = ana) =>
  asMember(who.sessionId, listEntries, auditPage.parse(asked), at);
/** What was found, without the entries that the looking itself has made. */
const found = async (asked: Partial<AuditPage> = {}, who = ana) =>
  (await look(asked, who)).entries.filter(({ action }) => action !== 'audit.read').map(({ id }) => id);

async function lookAround(admin: Person, asked: Partial<AuditPage> = {}) {
  const shown = await enterBySession(
    admin.sessionId,
    nowhere,
    at,
    (visit) => listPlatformEntries(visit as Visit<Operator>, auditPage.parse(asked)),
    'operator',
  );
  if (!shown) throw new Error('this session opens nothing');
  return shown;
}

describe('an entry', () => {
  const changes = [
    `UPDATE audit_logs SET action = 'a.b'`,
    'UPDATE audit_logs SET user_id = NULL WHERE false',
    'DELETE FROM audit_logs',
    'DELETE FROM audit_logs WHERE false',
    'TRUNCATE audit_logs',
    `INSERT INTO audit_logs (id, action, resource_type, timestamp) SELECT id, 'a.b', 'a', timestamp FROM audit_logs LIMIT 1
     ON CONFLICT (id) DO UPDATE SET action = 'a.b'`,
    `MERGE INTO audit_logs a USING audit_logs b ON a.id = b.id WHEN MATCHED THEN DELETE`,
  ];

  test('V16.4.2 cannot be changed or removed by any role of the application', async () => {
    await write({});
    for (const role of ['app_viewer', 'app_admin', 'app_sign_in', 'app_system']) {
      for (const statement of changes) {
        const attempt = database().prisma.$transaction(async (tx) => {
          await tx.$executeRawUnsafe(`SET LOCAL ROLE ${role}`);
          await tx.$executeRawUnsafe(statement);
        });
        await expect(attempt, `${role}: ${statement}`).rejects.toThrow(/permission denied/);
      }
    }
    for (const statement of changes) {
      await expect(database().pool.query(statement), `app: ${statement}`).rejects.toThrow(/permission denied/);
    }
  });

  test('V16.4.2 cannot be changed or removed by the owner of the table, nor by a superuser who skips ordinary triggers', async () => {
    const [id] = await write({});
    const root = inject('testServer').superuser.replace(/\/postgres(?=$|\?)/, new URL(ownerUrl).pathname);
    for (const [url, first] of [
      [ownerUrl, 'SELECT 1'],
      [root, 'SET session_replication_role = replica'],
    ] as const) {
      const client = new pg.Client({ connectionString: url });
      await client.connect();
      await client.query(first);
      for (const statement of changes) {
        await expect(client.query(statement), statement).rejects.toThrow(/audit_logs is append-only/);
      }
      await client.end();
    }
    expect(await owner.auditLog.count({ where: { id } })).toBe(1);
  });

  test('of a role that was granted everything by mistake still stays as it is', async () => {
    const client = new pg.Client({ connectionString: ownerUrl });
    await client.connect();
    await client.query('BEGIN; GRANT ALL ON audit_logs TO app_system');
    await expect(client.query('DELETE FROM audit_logs')).rejects.toThrow(/append-only/);
    await client.end();
  });
});

describe('pages of the trail', () => {
  async function everyPage() {
    const pages = async (first: Partial<AuditPage>, on: 'older' | 'newer') => {
      let shown = await look(first);
      const all = [shown.entries.map(({ id }) => id)];
      for (let next = shown[on]; next; next = shown[on]) {
        shown = await look({ [on === 'older' ? 'before' : 'after']: next });
        all.push(shown.entries.map(({ id }) => id));
      }
      return { all, last: shown };
    };
    const there = await pages({}, 'older');
    const back = there.last.newer ? await pages({ after: there.last.newer }, 'newer') : { all: [] };
    const end = there.last.entries.map(({ id }) => id);
    return { there: there.all, back: [...back.all.toReversed(), end] };
  }

  test('lose none and repeat none in either direction, however many entries have the same moment', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.integer({ min: 0, max: 2 }), { maxLength: 130, size: 'max' }), async (offsets) => {
        business = await makeBusiness(owner);
        ana = await makePerson(owner, { at, member: { businessId: business.id, role: 'business_owner' } });
        const rows = offsets.map((offset) => ({ id: newId(), timestamp: new Date(at.getTime() - 3_600_000 + offset) }));
        await write(...rows);
        const expected = rows
          .toSorted((a, b) => b.timestamp.getTime() - a.timestamp.getTime() || (a.id < b.id ? 1 : -1))
          .map(({ id }) => id);
        const { there, back } = await everyPage();
        const ours = (pages: string[][]) => pages.flat().filter((id) => expected.includes(id));
        expect(ours(there)).toEqual(expected);
        expect(ours(back)).toEqual(expected);
        for (const page of there) expect(page.length).toBeLessThanOrEqual(50);
      }),
      { numRuns: 8 },
    );
  });

  test('do not begin at a place that is none', async () => {
    for (const word of ['', 'x', 'AAAA', Buffer.from("0 ' OR 1=1").toString('base64url')]) {
      await expect(look({ before: word })).rejects.toThrow(NotFound);
      await expect(look({ after: word })).rejects.toThrow(NotFound);
    }
  });

  test('are themselves in the trail: with the filters by name, and whose names were opened', async () => {
    await look({ action: 'call.read', about: 'secret words' });
    const [entry] = await owner.auditLog.findMany({ where: { businessId: business.id } });
    expect(entry).toMatchObject({
      action: 'audit.read',
      userId: ana.id,
      details: { fields: ['action', 'about'], ids: [ana.id] },
    });
    expect(JSON.stringify(entry)).not.toContain('secret words');
  });
});

describe('a search', () => {
  test('finds by person, action, kind of thing, thing and time, and by all of them together', async () => {
    const ben = await makePerson(owner, { at, member: { businessId: business.id, role: 'staff' } });
    const callId = newId();
    const [own, opened, changed, refused, called] = await write(
      { timestamp: minutesBefore(10) },
      { timestamp: minutesBefore(20), userId: ben.id, details: { ids: [newId(), callId] } },
      { timestamp: minutesBefore(30), userId: ben.id, action: 'call.update', resourceId: callId },
      { timestamp: minutesBefore(40), userId: ben.id, action: 'access.deny', resourceType: 'permission' },
      { timestamp: minutesBefore(50), userId: null, action: 'call.create', resourceId: callId },
    );
    expect(await found()).toEqual([own, opened, changed, refused, called]);
    expect(await found({ who: ben.id })).toEqual([opened, changed, refused]);
    expect(await found({ who: 'nobody' })).toEqual([called]);
    expect(await found({ action: 'call.read' })).toEqual([own, opened]);
    expect(await found({ type: 'permission' })).toEqual([refused]);
    expect(await found({ about: callId })).toEqual([opened, changed, called]);
    expect(await found({ about: ` ${callId} ` })).toEqual([opened, changed, called]);
    // 15:00 UTC is ten o'clock in New York, where this business is.
    expect(await found({ from: '2026-03-02T09:30', until: '2026-03-02T09:40' })).toEqual([opened, changed]);
    expect(await found({ who: ben.id, action: 'call.read', type: 'call', about: callId })).toEqual([opened]);
    expect(await found({ who: ana.id, about: callId })).toEqual([]);
    expect(await found({ about: "' OR 1=1 --" })).toEqual([]);
  });

  test('has the actions and the kinds to choose from that there are, and a neighbour’s are none of them', async () => {
    const next = await makeBusiness(owner);
    await write({}, { action: 'call.update' }, { action: 'access.deny', resourceType: 'permission' });
    await write({ businessId: next.id, action: 'moon.read', resourceType: 'moon' });
    expect((await look()).choices).toEqual({
      actions: ['access.deny', 'call.read', 'call.update'],
      types: ['call', 'permission'],
    });
  });

  test('what cannot be looked for is no address: an unknown person is found nowhere, a malformed one is refused', async () => {
    expect(await found({ who: newId() })).toEqual([]);
    expect(auditPage.safeParse({ who: 'x' }).success).toBe(false);
    expect(auditPage.safeParse({ action: "a.b'--" }).success).toBe(false);
    expect(auditPage.parse({ from: 'yesterday' }).from).toBe('');
  });
});

describe('whose trail it is', () => {
  test('V8.4.1 another business’s entries never appear, whatever is asked for', async () => {
    const next = await makeBusiness(owner);
    const eve = await makePerson(owner, { at, member: { businessId: next.id, role: 'business_owner' } });
    const callId = newId();
    const [ours] = await write({ resourceId: callId });
    const foreign = await write(
      { businessId: next.id, userId: eve.id, resourceId: callId },
      { businessId: next.id, userId: ana.id, details: { ids: [callId] } },
      { businessId: next.id, userId: null },
    );
    for (const asked of [{}, { who: ana.id }, { who: eve.id }, { who: 'nobody' }, { about: callId }] as const) {
      const ids = await found({ ...asked, business: next.id });
      expect(ids.filter((id) => foreign.includes(id))).toEqual([]);
    }
    expect(await found({ about: callId })).toEqual([ours]);
  });

  test('what somebody does outside every business is on no business’s trail, their own included', async () => {
    const [personal] = await write({ businessId: null });
    expect(await found()).not.toContain(personal);
    expect(await found({ who: ana.id })).not.toContain(personal);
  });

  test('a sign-in stands on the trail of the business it leads into', async () => {
    const password = 'correct horse battery staple';
    const mia = await makePerson(owner, {
      passwordHash: await hashPassword(password),
      member: { businessId: business.id, role: 'staff' },
    });
    await signIn(
      { now: at, origin: nowhere, deviceId: null, enter: (run) => enterForSignIn(nowhere, at, run) },
      { email: mia.email, password },
    );
    expect((await look()).entries).toMatchObject([{ action: 'session.create', userId: mia.id }]);
  });

  test('a sign-in cannot be written onto the trail of a business one does not belong to', async () => {
    const next = await makeBusiness(owner);
    const forged = enterForSignIn(nowhere, at, async (visit) =>
      visit.record({ action: 'session.create', resourceType: 'session', userId: ana.id, businessId: next.id }),
    );
    await expect(forged).rejects.toThrow(/row-level security/);
  });

  test('whoever has left the business keeps their entries, and has no name there any more', async () => {
    const ben = await makePerson(owner, { at, member: { businessId: business.id, role: 'staff' } });
    const [id] = await write({ userId: ben.id });
    await owner.membership.deleteMany({ where: { userId: ben.id } });
    const { people } = await look();
    expect(people.map((person) => person.id)).toEqual([ana.id]);
    expect(await found({ who: ben.id })).toEqual([id]);
  });

  test('the operator sees every business’s entries and those of none, and finds a person by e-mail without it in an address', async () => {
    const admin = await makePerson(owner, { at, role: 'admin' });
    const callId = newId();
    const [ours, personal] = await write(
      { details: { ids: [callId] }, timestamp: minutesBefore(1) },
      { businessId: null, resourceId: callId, timestamp: minutesBefore(2) },
    );
    const ids = async (asked: Partial<AuditPage>) => (await lookAround(admin, asked)).entries.map(({ id }) => id);
    expect(await ids({ about: callId })).toEqual([ours, personal]);
    expect(await ids({ who: ana.id })).toEqual([ours, personal]);
    expect(await ids({ business: business.id })).toEqual([ours]);
    const shown = await lookAround(admin, { about: callId });
    expect(shown.people).toEqual([{ id: ana.id, name: 'Somebody' }]);
    expect(shown.businesses).toEqual([{ id: business.id, name: 'A business' }]);
    const asOperator = (email: string) =>
      enterBySession(
        admin.sessionId,
        nowhere,
        at,
        (visit) => findPerson(visit as Visit<Operator>, { email }),
        'operator',
      );
    expect(await asOperator(ana.email.toUpperCase())).toBe(ana.id);
    await expect(asOperator('nobody@example.com')).rejects.toThrow('No such person.');
  });
});
