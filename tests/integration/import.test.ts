/** `npm run import`: what the Flask system kept is here, sealed anew, once; what did not fit is named and stays there. */
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { signIn } from '@/lib/accounts/sign-in/sign-in';
import { guestDesk } from '@/lib/doors/guest';
import { newId } from '@/lib/platform/clock';
import { database } from '@/lib/platform/db';
import { newEntry, secretOf } from '@/lib/platform/keys';
import { bringOverHash, isBroughtOver, isPassword } from '@/lib/platform/password';
import { blindIndex, hasIndex, open } from '@/lib/platform/sealing';
import { testDatabase } from '@/tests/support/database';
import { makeOldDatabase, sealFernet, werkzeug } from '@/tests/support/old-system';
import { freshNumber, freshSid, makePerson, ownerClient } from '@/tests/support/rows';

const { owner: ownerUrl } = await testDatabase();
const owner = ownerClient(ownerUrl);
const oldKey = newEntry();
const sealed = (text: string) => sealFernet(text, secretOf(oldKey));
const password = 'nine grey herons';

afterAll(async () => {
  await owner.$disconnect();
  await database().prisma.$disconnect();
  await database().pool.end();
});
beforeEach(async () => {
  for (const table of ['calls', 'appointments', 'businesses', 'users'])
    await owner.$executeRawUnsafe(`DELETE FROM ${table}`);
});

async function bring(...args: string[]) {
  const child = spawn(process.execPath, ['--import', 'tsx', 'scripts/import.ts', ...args], {
    env: { ...process.env, OLD_ENCRYPTION_KEY: oldKey },
  });
  let [out, said] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said += text));
  const [code] = await once(child, 'close');
  return { code: code as number, out, said };
}

/** A small house, all of which fits. */
function house() {
  const email = `${newId()}@example.com`;
  const callSid = freshSid('CA');
  return {
    email,
    callSid,
    tables: {
      users: [
        {
          id: 1,
          email: sealed(email),
          name: sealed('Ana Silva'),
          password_hash: werkzeug.scrypt(password),
          role: 'business_owner',
          created_at: '2025-01-02 03:04:05.678901',
          data_processing_consent: 1,
        },
      ],
      businesses: [
        {
          id: 7,
          name: 'Harbour Dental',
          owner_id: 1,
          contact_email: 'desk@example.com',
          timezone: 'Europe/Lisbon',
          phone_number: freshNumber(),
          subscription_tier: 'pro',
        },
      ],
      calls: [
        {
          id: 3,
          business_id: 7,
          call_sid: callSid,
          caller_number: sealed('+14155550123'),
          caller_name: sealed('Cleo'),
          status: 'completed',
          started_at: '2025-06-01T20:00:00+02:00',
          duration: 61,
          transcript: sealed('My tooth hurts.'),
        },
      ],
      appointments: [
        {
          id: 3,
          business_id: 7,
          customer_name: sealed('Cleo'),
          customer_phone: '(415) 555-0123',
          start_time: 1_750_000_000,
          service: 'Check-up',
          status: 'confirmed',
        },
      ],
    },
  };
}
const counts = async () => ({
  users: await owner.user.count(),
  businesses: await owner.business.count(),
  calls: await owner.call.count(),
  appointments: await owner.appointment.count(),
});
const one = { users: 1, businesses: 1, calls: 1, appointments: 1 };

describe('the import', () => {
  test('brings everything over, opened with the old key and sealed with ours', async () => {
    const { tables, email, callSid } = house();
    expect(await bring(makeOldDatabase(tables))).toMatchObject({ code: 0 });
    const user = await owner.user.findFirstOrThrow({ where: hasIndex('emailIndex', blindIndex('email', email)) });
    expect(open('User', user)).toMatchObject({
      email,
      name: 'Ana Silva',
      role: 'user',
      createdAt: new Date('2025-01-02T03:04:05.678Z'),
      dataProcessingConsent: true,
    });
    const business = await owner.business.findFirstOrThrow({ include: { memberships: true } });
    expect(open('Business', business)).toMatchObject({
      name: 'Harbour Dental',
      contactEmail: 'desk@example.com',
      zone: 'Europe/Lisbon',
      tier: 'pro',
      memberships: [{ userId: user.id, role: 'business_owner' }],
    });
    const call = await owner.call.findFirstOrThrow({
      where: { callSid, ...hasIndex('callerNumberIndex', blindIndex('phone', '+14155550123')) },
    });
    expect(open('Call', call)).toMatchObject({
      callerName: 'Cleo',
      wanted: 'My tooth hurts.',
      startedAt: new Date('2025-06-01T18:00:00Z'),
      endedAt: new Date('2025-06-01T18:01:01Z'),
      secondsUsed: 61,
    });
    const appointment = await owner.appointment.findFirstOrThrow();
    expect(open('Appointment', appointment)).toMatchObject({
      customerName: 'Cleo',
      customerPhone: '+14155550123',
      startsAt: new Date(1_750_000_000_000),
      status: 'confirmed',
    });
  });

  test('brings nothing a second time, and what is new since', async () => {
    const { tables } = house();
    await bring(makeOldDatabase(tables));
    expect(await counts()).toEqual(one);
    const more = { ...tables, calls: [...tables.calls, { ...tables.calls[0], id: 4, call_sid: freshSid('CA') }] };
    const again = await bring(makeOldDatabase(more));
    expect(again.out).toMatch(/^users +1 +0 +1 /m);
    expect(again.out).toMatch(/^calls +2 +1 +1 /m);
    expect(await counts()).toEqual({ ...one, calls: 2 });
  });

  test('changes nothing in a dry run, and says what would come', async () => {
    const { code, out } = await bring(makeOldDatabase(house().tables), '--dry-run');
    expect(code).toBe(0);
    expect(out).toMatch(/^appointments +1 +1 +0 +0 /m);
    expect(await counts()).toEqual({ users: 0, businesses: 0, calls: 0, appointments: 0 });
  });

  test('names every row that does not fit, by its column and why, brings the others, and quotes nothing', async () => {
    const { tables } = house();
    const [user, business, call, appointment] = [
      tables.users[0],
      tables.businesses[0],
      tables.calls[0],
      tables.appointments[0],
    ];
    const { code, out, said } = await bring(
      makeOldDatabase({
        users: [
          ...tables.users,
          { ...user, id: 2, email: 'no address' },
          { ...user, id: 3, email: sealFernet('x@example.com', secretOf(newEntry())) },
          { ...user, id: 4, email: `${newId()}@example.com`, password_hash: '$2b$12$abcdefghijk' },
        ],
        businesses: [...tables.businesses, { ...business, id: 8, owner_id: 99 }],
        calls: [
          ...tables.calls,
          { ...call, id: 4, call_sid: 'unknown-sid' },
          { ...call, id: 5, call_sid: freshSid('CA'), started_at: 'yesterday' },
          { ...call, id: 6, call_sid: freshSid('CA'), business_id: 8 },
        ],
        appointments: [...tables.appointments, { ...appointment, id: 4, end_time: 1_700_000_000 }],
      }),
    );
    expect(code).toBe(1);
    for (const line of [
      'not     users 2 email: is no e-mail address',
      'not     users 3 email: is sealed, and no key in OLD_ENCRYPTION_KEY opens it',
      'in part users 4 password_hash: is missing or of another kind: they choose a new one at /forgot-password',
      'not     businesses 8 owner_id: is nobody who was brought over',
      'not     calls 4 call_sid: is no id of a call',
      'not     calls 5 started_at: is no moment that can be read',
      'not     calls 6 business_id: is no business that was brought over',
      'not     appointments 4 ends_at: is not after its start',
    ])
      expect(out.split('\n')).toContain(line);
    for (const word of ['no address', 'unknown-sid', 'yesterday', 'Cleo', 'tooth', oldKey])
      expect(out + said).not.toContain(word);
    expect(await counts()).toEqual({ ...one, users: 2 });
  });

  test('leaves an account that is here already as it is, and gives it its business', async () => {
    const { tables, email } = house();
    const person = await makePerson(owner, { email });
    const { out } = await bring(makeOldDatabase(tables));
    expect(out).toContain('in part users 1: has an account here already, which stays as it is');
    expect(await owner.membership.findMany({ select: { userId: true } })).toEqual([{ userId: person.id }]);
    expect(await owner.credential.count()).toBe(0);
  });

  test('says so where the file is none of that system’s', async () => {
    const file = makeOldDatabase({ things: [{ id: 1 }] });
    expect(await bring(file)).toMatchObject({ code: 1, said: expect.stringContaining('has none of the tables') });
    writeFileSync(file, 'no database, and long enough to be looked at as one');
    expect(await bring(file)).toMatchObject({ code: 1, said: expect.stringContaining('no SQLite file') });
    expect(await bring(`${file}.gone`)).toMatchObject({ code: 1, said: expect.stringContaining('no SQLite file') });
    expect(await bring()).toMatchObject({ code: 2 });
  });
});

describe('a password that was brought over', () => {
  test('signs in, and is hashed anew by the first sign-in', async () => {
    const { tables, email } = house();
    await bring(makeOldDatabase(tables));
    const stored = async () => (await owner.credential.findFirstOrThrow()).passwordHash;
    const before = await stored();
    expect(before).toMatch(/^\$argon2id\$.*#scrypt:32768:8:1\$aSalt$/);
    expect(before).not.toContain(werkzeug.scrypt(password).split('$')[2]);
    const attempt = (typed: string) =>
      signIn(guestDesk({ ipAddress: '10.21.0.1', userAgent: 'test' }), { email, password: typed });
    await expect(attempt('nine grey heron')).rejects.toThrow();
    expect(await stored()).toBe(before);
    await attempt(password);
    expect(isBroughtOver(await stored())).toBe(false);
    await attempt(password);
  });

  test.each(Object.entries(werkzeug))('of the kind %s is that password, and no other', async (_kind, make) => {
    const hash = (await bringOverHash(make(password))) ?? '';
    expect([await isPassword(password, hash), await isPassword(`${password}.`, hash)]).toEqual([true, false]);
  });

  test('of another kind, or cut off, is not taken for one', async () => {
    for (const hash of [
      '',
      'plain',
      '$2b$12$abcdefghijk',
      'md5$salt$00',
      'pbkdf2:md5:1000$salt$00',
      'scrypt:32768:8:1$salt$',
      'scrypt:32768:8:1$$00',
    ])
      expect(await bringOverHash(hash)).toBeNull();
  });

  const python =
    'from werkzeug.security import generate_password_hash as h; print(h(input())); print(h(input(), "pbkdf2"))';
  const hasWerkzeug = (() => {
    try {
      execFileSync('python3', ['-c', 'import werkzeug.security'], { stdio: 'ignore' });
      return true;
    } catch {
      return false;
    }
  })();
  test.skipIf(!hasWerkzeug)('that Werkzeug itself hashed is known', async () => {
    const input = `${password}\n${password}\n`;
    const hashes = execFileSync('python3', ['-c', python], { input, encoding: 'utf8' }).trim().split('\n');
    expect(hashes).toHaveLength(2);
    for (const hash of hashes) expect(await isPassword(password, await bringOverHash(hash))).toBe(true);
  });
});
