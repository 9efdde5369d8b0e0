/** The database itself keeps tenants apart, whatever a query forgets. */
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { newId } from '@/lib/platform/clock';
import { database, refuseUnsafeLogin } from '@/lib/platform/db';
import { enterByCall, enterByCallBriefly, enterByJob, enterBySession, enterForSignIn } from '@/lib/platform/enter';
import { sql } from '@/lib/platform/sql';
import type { Person, Visit } from '@/lib/platform/visit';
import { dataMap } from '@/lib/rules/data-map';
import { testDatabase } from '@/tests/support/database';
import { makeBusiness, makeCall, makePerson, ownerClient } from '@/tests/support/rows';

const { owner: ownerUrl } = await testDatabase();
const owner = ownerClient(ownerUrl);
const at = new Date('2026-03-02T10:00:00Z');
const nowhere = { ipAddress: null, userAgent: null };

type Business = Awaited<ReturnType<typeof makeBusiness>>;
let clinic: Business;
let plumber: Business;
let ana: Awaited<ReturnType<typeof makePerson>>;
let ben: Awaited<ReturnType<typeof makePerson>>;
let admin: Awaited<ReturnType<typeof makePerson>>;

const as = <T>(session: string, run: (visit: Visit<Person>) => Promise<T>, moment = at) =>
  enterBySession(session, nowhere, moment, run);

beforeAll(async () => {
  clinic = await makeBusiness(owner, { duty: ['+12125550140'] });
  plumber = await makeBusiness(owner, { duty: ['+12125550141'] });
  ana = await makePerson(owner, { at, member: { businessId: clinic.id, role: 'business_owner' } });
  ben = await makePerson(owner, { at, member: { businessId: plumber.id, role: 'staff' } });
  admin = await makePerson(owner, { at, role: 'admin' });
  for (const business of [clinic, plumber]) {
    const call = await makeCall(owner, business.id);
    const home = { businessId: business.id, callId: call.id };
    await owner.callEvent.create({ data: { ...home, id: newId(), key: 'k', kind: 'greeted', at } });
    await owner.recording.create({
      data: { ...home, id: newId(), recordingSid: `RE${newId().replaceAll('-', '')}`, seconds: 1, createdAt: at },
    });
    await owner.transcript.create({
      data: { ...home, id: newId(), recordingSid: `RE${newId().replaceAll('-', '')}`, status: 'failed', createdAt: at },
    });
  }
});
afterAll(async () => {
  await owner.$disconnect();
  await database().prisma.$disconnect();
  await database().pool.end();
});

/** Every table that belongs to a business, as the database lists them. */
const tenantTables = async () => {
  const rows = await owner.$queryRaw<{ table: string }[]>`
    SELECT c.relname AS "table" FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
    WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' AND a.attname = 'business_id' AND NOT a.attisdropped`;
  return rows.map(({ table }) => table);
};

describe('the login', () => {
  test('V8.3.1 V16.5.3 may do nothing before a door has said who is asking', async () => {
    for (const table of [...(await tenantTables()), 'users', 'credentials', 'businesses', 'unknown_sign_ins']) {
      await expect(database().pool.query(`SELECT * FROM ${table}`)).rejects.toThrow('permission denied');
    }
  });

  test('V16.5.3 is refused at the start when it owns the tables', async () => {
    await expect(refuseUnsafeLogin(database().pool)).resolves.toBeUndefined();
    const asOwner = new pg.Pool({ connectionString: ownerUrl, max: 1 });
    await expect(refuseUnsafeLogin(asOwner)).rejects.toThrow('owns tables');
    await asOwner.end();
  });

  test('has row-level security between it and every table but the limiter’s counters', async () => {
    const rows = await owner.$queryRaw<{ relname: string }[]>`
      SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND NOT relrowsecurity`;
    expect(rows.map(({ relname }) => relname).toSorted()).toEqual(['_prisma_migrations', 'rate_limits']);
  });
});

describe('somebody inside a business', () => {
  test('V8.4.1 sees rows of that business alone, in every table that has a business', async () => {
    let seen = 0;
    for (const table of await tenantTables()) {
      const rows = await as(ana.sessionId, async ({ tx }) =>
        tx
          .$queryRawUnsafe<{ business_id: string | null }[]>(`SELECT business_id FROM ${table}`)
          .catch((error: Error) => {
            if (/permission denied/.test(error.message)) return [];
            throw error;
          }),
      ).catch((error: Error) => {
        // A denied statement ends the transaction; nothing was seen.
        if (/aborted/.test(error.message)) return [];
        throw error;
      });
      for (const row of rows ?? []) expect([clinic.id, null]).toContain(row.business_id);
      seen += rows?.length ?? 0;
    }
    expect(seen).toBeGreaterThan(6);
  });

  test('V8.4.1 cannot write a row into another business', async () => {
    const write = as(ana.sessionId, ({ tx }) =>
      tx.phoneRoute.create({ data: { number: '+13125550199', businessId: plumber.id } }),
    );
    await expect(write).rejects.toThrow(/row-level security/);
  });

  test('V8.2.2 cannot change a call of another business, even by its id', async () => {
    const { count } = (await as(ana.sessionId, ({ tx }) =>
      tx.call.updateMany({ where: { businessId: plumber.id }, data: { urgent: true } }),
    )) ?? { count: -1 };
    expect(count).toBe(0);
  });

  test('V8.2.3 cannot read anybody’s password, lock or second factor', async () => {
    await expect(as(ana.sessionId, ({ tx }) => tx.credential.findMany())).rejects.toThrow(
      /permission denied|denied access/,
    );
    const locks = as(ana.sessionId, ({ tx }) => tx.user.findMany({ select: { failedLoginAttempts: true } }));
    await expect(locks).rejects.toThrow(/permission denied|denied access/);
    const factors = as(ana.sessionId, ({ tx }) => tx.user.findMany({ select: { twoFactorSecret: true } }));
    await expect(factors).rejects.toThrow(/permission denied|denied access/);
  });

  test('sees colleagues, and nobody else', async () => {
    const people = await as(ana.sessionId, ({ tx }) => tx.user.findMany({ select: { id: true } }));
    expect(people?.map(({ id }) => id)).toEqual([ana.id]);
  });

  test('V8.2.3 V15.3.3 cannot set a role, a tier or a limit', async () => {
    const attempts = [
      () => as(ana.sessionId, ({ tx }) => tx.$executeRaw`UPDATE users SET role = 'admin' WHERE id = ${ana.id}::uuid`),
      () => as(ben.sessionId, ({ tx }) => tx.$executeRaw`UPDATE memberships SET role = 'business_owner'`),
      () => as(ana.sessionId, ({ tx }) => tx.$executeRaw`UPDATE businesses SET tier = 'enterprise'`),
      () => as(ana.sessionId, ({ tx }) => tx.$executeRaw`UPDATE businesses SET monthly_minutes_limit = 1000000`),
    ];
    for (const attempt of attempts) await expect(attempt()).rejects.toThrow(/permission denied/);
  });

  test('V8.4.1 cannot move a session to a business they do not belong to', async () => {
    const move = as(ana.sessionId, ({ tx }) =>
      tx.session.updateMany({ where: { id: ana.sessionId }, data: { businessId: plumber.id } }),
    );
    await expect(move).rejects.toThrow(/row-level security/);
  });

  test('cannot write somebody else’s name into the trail', async () => {
    const forged = as(
      ana.sessionId,
      ({ tx }) => tx.$executeRaw`INSERT INTO audit_logs (id, business_id, user_id, action, resource_type, timestamp)
        VALUES (${newId()}::uuid, ${clinic.id}::uuid, ${ben.id}::uuid, 'call.read', 'call', ${at})`,
    );
    await expect(forged).rejects.toThrow(/row-level security/);
  });
});

describe('the operator', () => {
  const asAdmin = <T>(run: (visit: Visit<Person>) => Promise<T>) =>
    enterBySession(admin.sessionId, nowhere, at, run, 'operator');

  test('V8.2.3 counts calls and cannot read one', async () => {
    expect(await asAdmin(({ tx }) => tx.call.count({ select: { businessId: true } }))).toEqual({ businessId: 2 });
    await expect(asAdmin(({ tx }) => tx.call.findMany({ select: { wanted: true } }))).rejects.toThrow(/denied/);
    await expect(asAdmin(({ tx }) => tx.transcript.findMany())).rejects.toThrow(/denied/);
  });

  test('is who the account says: asking for it as an owner enters no other role', async () => {
    const role = await enterBySession(
      ana.sessionId,
      nowhere,
      at,
      ({ tx }) => tx.$queryRaw`SELECT current_user`,
      'operator',
    );
    expect(role).toEqual([{ current_user: 'app_viewer' }]);
  });
});

describe('a session', () => {
  const entered = (session: string, moment: Date) => as(session, async () => 'in', moment);
  const minutes = (count: number) => new Date(at.getTime() + count * 60_000);

  test('that never was opens nothing', async () => {
    expect(await entered(newId(), at)).toBeNull();
  });

  test('V7.3.1 ends after an idle hour, and each use begins the hour again', async () => {
    const { sessionId } = await makePerson(owner, { at });
    expect(await entered(sessionId, minutes(59))).toBe('in');
    expect(await entered(sessionId, minutes(118))).toBe('in');
    expect(await entered(sessionId, minutes(118 + 60))).toBeNull();
  });

  test('V7.3.2 ends after twelve hours, however busy', async () => {
    const { sessionId } = await makePerson(owner, { at });
    for (let hour = 0.9; hour < 12; hour += 0.9) expect(await entered(sessionId, minutes(hour * 60))).toBe('in');
    expect(await entered(sessionId, minutes(12 * 60))).toBeNull();
  });

  test('V7.4.1 opens nothing from the moment it is revoked', async () => {
    const { sessionId } = await makePerson(owner, { at });
    await owner.session.update({ where: { id: sessionId }, data: { revokedAt: at } });
    expect(await entered(sessionId, at)).toBeNull();
  });

  test('V7.4.2 V8.3.2 of somebody who has left the business opens no business', async () => {
    const person = await makePerson(owner, { at, member: { businessId: clinic.id, role: 'staff' } });
    await owner.membership.deleteMany({ where: { userId: person.id } });
    expect(await as(person.sessionId, async ({ viewer }) => viewer)).toMatchObject({ businessId: null, role: 'user' });
  });
});

describe('Twilio and the worker', () => {
  const who = async ({ viewer }: { viewer: { businessId: string } }) => viewer.businessId;
  const unknownCall = 'CA00000000000000000000000000000000';

  test('V8.4.1 enter the business that owns the number, the call or the leased job, and no other', async () => {
    const call = await makeCall(owner, plumber.id);
    expect(await enterByCall(unknownCall, nowhere, at, who, { called: clinic.number })).toBe(clinic.id);
    expect(await enterByCall(unknownCall, nowhere, at, who, { called: '+19995550100' })).toBeNull();
    expect(await enterByCall(call.callSid, nowhere, at, who)).toBe(plumber.id);
    // A call stays where it began, whoever owns the number by now.
    expect(await enterByCall(call.callSid, nowhere, at, who, { called: clinic.number })).toBe(plumber.id);
    expect(await enterByCall(unknownCall, nowhere, at, who)).toBeNull();

    const job = { id: newId(), businessId: clinic.id, kind: 'alert', key: newId(), runAt: at };
    const lease = newId();
    await owner.job.create({ data: { ...job, lease, leasedUntil: at } });
    expect(await enterByJob(job.id, lease, at, who)).toBe(clinic.id);
    await expect(enterByJob(job.id, newId(), at, who)).rejects.toThrow('lease');
    await owner.job.update({ where: { id: job.id }, data: { doneAt: at } });
    await expect(enterByJob(job.id, lease, at, who)).rejects.toThrow('lease');
  });

  test('commit nothing after the time of a caller who waits', async () => {
    const call = await makeCall(owner, clinic.id);
    const late = enterByCallBriefly(call.callSid, nowhere, at, async ({ ask }) => {
      await ask(sql`UPDATE calls SET urgent = true WHERE id = ${call.id}::uuid`);
      const until = performance.now() + 1_600;
      while (performance.now() < until); // nothing else runs in this process, timers neither
    });
    await expect(late).rejects.toThrow('after its time');
    expect(await owner.call.findFirst({ where: { id: call.id } })).toMatchObject({ urgent: false });
  });

  test('leave nothing behind on the connection: the next transaction starts outside', async () => {
    await enterByCall(unknownCall, nowhere, at, who, { called: clinic.number });
    const { rows } = await database().pool.query(
      `SELECT current_user, coalesce(current_setting('app.business_id', true), '') AS business`,
    );
    expect(rows).toEqual([{ current_user: 'app', business: '' }]);
  });
});

describe('the trail', () => {
  test('V16.4.2 is append-only for every role of the app', async () => {
    await as(ana.sessionId, async (visit) => visit.record({ action: 'call.read', resourceType: 'call' }));
    expect(await owner.auditLog.count({ where: { userId: ana.id } })).toBeGreaterThan(0);
    for (const role of ['app_viewer', 'app_admin', 'app_sign_in', 'app_system']) {
      for (const statement of [
        'UPDATE audit_logs SET action = $$a.b$$',
        'DELETE FROM audit_logs',
        'TRUNCATE audit_logs',
      ]) {
        const attempt = database().prisma.$transaction(async (tx) => {
          await tx.$executeRawUnsafe(`SET LOCAL ROLE ${role}`);
          await tx.$executeRawUnsafe(statement);
        });
        await expect(attempt, `${role}: ${statement}`).rejects.toThrow(/permission denied/);
      }
    }
  });

  test('keeps nothing of a visit that was rolled back, and a change keeps nothing without it', async () => {
    const before = await owner.auditLog.count();
    const failing = as(ana.sessionId, async (visit) => {
      await visit.tx.business.updateMany({ where: { id: clinic.id }, data: { greeting: 'Changed.' } });
      visit.record({ action: 'no such form' as 'a.b', resourceType: 'business' });
    });
    await expect(failing).rejects.toThrow();
    expect(await owner.auditLog.count()).toBe(before);
    expect((await owner.business.findUnique({ where: { id: clinic.id } }))?.greeting).not.toBe('Changed.');
  });
});

describe('sealed columns', () => {
  test('V11.3.3 take no plain text: the database refuses it in every one of them', async () => {
    const columns = await owner.$queryRaw<{ table: string; column: string }[]>`
      SELECT c.relname AS table, a.attname AS column FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
      WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' AND a.atttypid = 'bytea'::regtype AND a.attname <> 'sha256'`;
    expect(columns.length).toBeGreaterThanOrEqual(20);
    for (const { table, column } of columns) {
      const [constraint] = await owner.$queryRaw<{ found: boolean }[]>`
        SELECT bool_or(pg_get_constraintdef(oid) LIKE '%' || ${`(${column})`} || '%') AS found FROM pg_constraint
        WHERE conrelid = ${`public.${table}`}::regclass AND contype = 'c'
          AND (pg_get_constraintdef(oid) LIKE '%is_sealed%' OR pg_get_constraintdef(oid) LIKE '%is_blind_index%')`;
      expect(constraint?.found, `${table}.${column}`).toBe(true);
    }
    const plain = owner.$executeRaw`UPDATE calls SET wanted = 'plain text, long enough to look like something else'::bytea`;
    await expect(plain).rejects.toThrow(/calls_sealed/);
  });

  test('are the ones the data map knows: map and database list the same columns', async () => {
    const rows = await owner.$queryRaw<{ columns: number }[]>`
      SELECT count(*)::int AS columns FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
      WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' AND a.attnum > 0 AND NOT a.attisdropped AND c.relname <> '_prisma_migrations'`;
    const mapped = Object.values(dataMap).reduce((sum, columns) => sum + Object.keys(columns).length, 0);
    expect(rows[0]?.columns).toBe(mapped);
  });
});

test('sign-in reaches accounts, and no business’s data', async () => {
  const people = await enterForSignIn(nowhere, at, ({ tx }) => tx.user.count());
  expect(people).toBeGreaterThan(2);
  for (const table of ['calls', 'recordings', 'transcripts', 'businesses', 'duty_contacts', 'phone_routes']) {
    const read = enterForSignIn(nowhere, at, ({ tx }) => tx.$queryRawUnsafe(`SELECT * FROM ${table}`));
    await expect(read, table).rejects.toThrow(/permission denied/);
  }
});
