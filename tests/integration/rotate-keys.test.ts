/** Keys are changed while people sign in and callers call: nobody becomes unknown, and nobody is there twice. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { sealedModels, tableOf } from '@/lib/keys/sealed-tables';
import { newId } from '@/lib/platform/clock';
import { database } from '@/lib/platform/db';
import { newEntry } from '@/lib/platform/keys';
import { hashPassword } from '@/lib/platform/password';
import { testDatabase } from '@/tests/support/database';
import { type KeyedProcess, keyedProcess } from '@/tests/support/keyed-process';
import { ownerClient } from '@/tests/support/rows';

const { owner: ownerUrl } = await testDatabase();
const owner = ownerClient(ownerUrl);
const [oldKey, newKey, nextKey] = [newEntry('a'), newEntry('b'), newEntry('a')];

afterAll(async () => {
  await owner.$disconnect();
  await database().prisma.$disconnect();
  await database().pool.end();
});
beforeEach(async () => {
  for (const model of sealedModels) await owner.$executeRawUnsafe(`DELETE FROM ${tableOf(model)}`);
  await owner.unknownSignIn.deleteMany();
});

const newEmail = () => `${newId()}@example.com`;
const origin = { ipAddress: null, userAgent: null };

/** How many people a process finds at an address. */
const found = ({ blindIndex, hasIndex }: KeyedProcess, email: string) =>
  owner.user.count({ where: hasIndex('emailIndex', blindIndex('email', email)) });

/** Every key that seals something, and how many values. */
async function use({ countKeyUse, desk }: KeyedProcess): Promise<Record<string, number>> {
  const counts = [...(await countKeyUse(desk))].map(([key, tables]) => [
    key,
    [...tables.values()].reduce((a, b) => a + b),
  ]);
  return Object.fromEntries(counts);
}

describe('an address', () => {
  test('is found, and had once, by every process at every stage of two changes of keys', async () => {
    const emails: string[] = [];
    /** What must hold while these processes serve side by side; each of them adds somebody. */
    const stage = async (...processes: KeyedProcess[]) => {
      for (const one of processes) {
        const email = newEmail();
        await one.makePerson(owner, { email });
        emails.push(email);
      }
      for (const one of processes) {
        expect(await Promise.all(emails.map((email) => found(one, email)))).toEqual(emails.map(() => 1));
        for (const email of emails) await expect(one.makePerson(owner, { email })).rejects.toThrow(/Unique|unique/);
      }
    };
    const one = await keyedProcess(oldKey);
    const both = await keyedProcess(oldKey, newKey);
    const turned = await keyedProcess(newKey, oldKey);
    const two = await keyedProcess(newKey);
    await stage(one);
    await stage(one, both);
    await stage(both, turned);
    await turned.rotateKeys(turned.desk);
    await stage(turned);
    await stage(turned, two);
    await stage(two);
    // The next change fills the column that the first key left.
    const turnedAgain = await keyedProcess(nextKey, newKey);
    const three = await keyedProcess(nextKey);
    await stage(two, turnedAgain);
    await turnedAgain.rotateKeys(turnedAgain.desk);
    await stage(turnedAgain, three);
    await stage(three);
  });

  test('that nobody has stays closed after failures, also by the key that comes', async () => {
    const email = newEmail();
    const at = new Date();
    const reserve = ({ reserveTry, enterForSignIn, blindIndex }: KeyedProcess) =>
      enterForSignIn(origin, at, (visit) =>
        reserveTry(visit, blindIndex('email', email), null, { network: 'f'.repeat(64), isDone: true }),
      );
    const one = await keyedProcess(oldKey);
    const turned = await keyedProcess(newKey, oldKey);
    const two = await keyedProcess(newKey);
    for (let tries = 0; tries < 4; tries += 1) await reserve(one);
    expect(await reserve(turned)).toMatchObject({ userId: null, isLast: true });
    for (const each of [one, turned, two]) expect(await reserve(each)).toBeNull();
    expect(await owner.unknownSignIn.count()).toBe(1);
    expect(await turned.countClosedByOldKey(turned.desk)).toBe(0);
  });

  test('that was closed by the old key alone keeps it in use until it opens', async () => {
    const one = await keyedProcess(oldKey);
    const turned = await keyedProcess(newKey, oldKey);
    const closed = one.indexColumns('emailIndex', one.blindIndex('email', newEmail()));
    const until = (minutes: number) => new Date(Date.now() + minutes * 60_000);
    await owner.unknownSignIn.create({ data: { ...closed, accountLockedUntil: until(9), updatedAt: until(0) } });
    expect(await turned.countClosedByOldKey(turned.desk)).toBe(1);
    await owner.unknownSignIn.updateMany({ data: { accountLockedUntil: until(-1) } });
    expect(await turned.countClosedByOldKey(turned.desk)).toBe(0);
  });

  test('that was invited by the old key joins by the new one, once', async () => {
    const one = await keyedProcess(oldKey);
    const turned = await keyedProcess(newKey, oldKey);
    const two = await keyedProcess(newKey);
    const { id: businessId } = await one.makeBusiness(owner);
    const { email, token } = await one.makeInvitation(owner, businessId);
    const at = new Date();
    const desk = {
      now: at,
      origin,
      deviceId: null,
      enter: <T>(run: Parameters<typeof turned.enterForSignIn<T>>[2]) => turned.enterForSignIn(origin, at, run),
    };
    await turned.joinByInvitation(desk, { token, name: 'Ana', password: 'nine grey herons' });
    for (const each of [one, turned, two]) expect(await found(each, email)).toBe(1);
    expect(await owner.membership.count({ where: { businessId } })).toBe(1);
  });
});

describe('a change of keys', () => {
  /** A row in every table that has sealed columns; what is written in them. */
  async function everything({ seal, indexColumns, blindIndex, ...rows }: KeyedProcess) {
    const { id: businessId } = await rows.makeBusiness(owner, { duty: ['+12125550140'] });
    const person = await rows.makePerson(owner, { secondFactor: 'on' });
    const call = await rows.makeCall(owner, businessId, { callerName: 'Cleo', wanted: 'A word.' });
    await rows.makeCall(owner, businessId, { callerNumber: null });
    await rows.makeInvitation(owner, businessId);
    await rows.makeGrant(owner, businessId, { userId: person.id, sessionId: person.sessionId }, 'A reason.');
    await rows.makeHold(owner, businessId);
    await rows.makeMobile(owner, person.id);
    const now = new Date();
    const optedOut = rows.freshNumber();
    await owner.optOut.create({
      data: {
        ...seal('OptOut', { businessId, id: newId(), number: optedOut }),
        ...indexColumns('numberIndex', blindIndex('phone', optedOut)),
        channel: 'texts',
        since: now,
      },
    });
    await rows.makeBlock(owner, businessId);
    const later = new Date(now.getTime() + 3_600_000);
    const home = { businessId, callId: call.id };
    await owner.callEvent.create({
      data: seal('CallEvent', { ...home, id: newId(), key: 'k', kind: 'greeted', said: 'Hello?', at: now }),
    });
    await owner.transcript.create({
      data: seal('Transcript', {
        ...home,
        id: newId(),
        recordingSid: rows.freshSid('RE'),
        status: 'completed' as const,
        text: 'Please call me back.',
        createdAt: now,
      }),
    });
    await rows.makeLiveTranscript(owner, businessId, call.id, [[1, 'Please call.', 0.9]]);
    await owner.appointment.create({
      data: seal('Appointment', {
        businessId,
        id: newId(),
        customerName: 'Cleo',
        customerPhone: '+14155550199',
        ...indexColumns('customerPhoneIndex', blindIndex('phone', '+14155550199')),
        startsAt: now,
        endsAt: later,
        service: 'Check-up',
        notes: 'On the left.',
      }),
    });
    const caller = blindIndex('phone', '+14155550199');
    await owner.optOut.create({
      data: {
        ...seal('OptOut', { businessId, id: newId(), number: '+14155550199' }),
        ...indexColumns('numberIndex', caller),
        channel: 'texts',
        since: now,
      },
    });
    await owner.legalHold.create({
      data: {
        ...seal('LegalHold', { businessId, id: newId(), person: '+14155550199', reason: 'A dispute.' }),
        ...indexColumns('personIndex', caller),
        placedAt: now,
      },
    });
    const [oldEmail, email] = [person.email, newEmail()];
    await owner.signUp.create({
      data: {
        ...seal('SignUp', { id: newId(), email, name: 'Dora' }),
        ...indexColumns('emailIndex', blindIndex('email', email)),
        passwordHash: await hashPassword('nine grey herons'),
        createdAt: now,
        expiresAt: later,
      },
    });
    await owner.emailChange.create({
      data: {
        ...seal('EmailChange', { id: newId(), oldEmail, newEmail: email }),
        ...indexColumns('oldEmailIndex', blindIndex('email', oldEmail)),
        ...indexColumns('newEmailIndex', blindIndex('email', email)),
        userId: person.id,
        sessionId: person.sessionId,
        createdAt: now,
        expiresAt: later,
      },
    });
    return { businessId, person };
  }
  /** Every row of every table, opened; indexes apart. */
  async function opened({ open }: KeyedProcess) {
    const all = await Promise.all(
      sealedModels.map(async (model) => {
        const delegate = model.charAt(0).toLowerCase() + model.slice(1);
        const rows: { id: string; businessId: string }[] = await Reflect.get(owner, delegate).findMany({
          orderBy: { id: 'asc' },
        });
        return rows.map((row) => open(model as 'Call', row));
      }),
    );
    return JSON.parse(JSON.stringify(all.flat(), (name, value) => (/IndexB?$/.test(name) ? undefined : value)));
  }

  test('seals every value of every table anew, changes none, and makes every index with it', async () => {
    const one = await keyedProcess(oldKey);
    const turned = await keyedProcess(newKey, oldKey);
    const two = await keyedProcess(newKey);
    await everything(one);
    const before = await opened(one);
    const counted = await one.countKeyUse(one.desk);
    expect([...(counted.get(one.keyRing().first.name)?.keys() ?? [])].toSorted()).toEqual(
      sealedModels.map(tableOf).toSorted(),
    );

    expect((await turned.rotateKeys(turned.desk)).unopened).toEqual([]);

    expect(await opened(two)).toEqual(before);
    expect(Object.keys(await use(two))).toEqual([two.keyRing().first.name]);
    for (const [model, field, kind, find] of indexes) {
      const rows = await find();
      expect(rows.length, `${model}.${field}`).toBeGreaterThan(0);
      for (const row of rows) {
        const text: string = Reflect.get(two.open(model as 'Call', row as never), field);
        const { b } = two.blindIndex(kind, text);
        expect(Buffer.from(Reflect.get(row, `${field}IndexB`))).toEqual(Buffer.from(b));
      }
    }
  });
  const indexes = [
    ['User', 'email', 'email', () => owner.user.findMany()],
    ['SignUp', 'email', 'email', () => owner.signUp.findMany()],
    ['EmailChange', 'oldEmail', 'email', () => owner.emailChange.findMany()],
    ['EmailChange', 'newEmail', 'email', () => owner.emailChange.findMany()],
    ['Invitation', 'email', 'email', () => owner.invitation.findMany()],
    ['Call', 'callerNumber', 'phone', () => owner.call.findMany({ where: { callerNumber: { not: null } } })],
    ['Appointment', 'customerPhone', 'phone', () => owner.appointment.findMany()],
  ] as const;

  test('does nothing the second time, and is in the trail', async () => {
    const one = await keyedProcess(oldKey);
    const turned = await keyedProcess(newKey, oldKey);
    await one.makePerson(owner);
    const entry = { action: 'key.rotate', resourceId: turned.keyRing().first.name };
    const before = await owner.auditLog.count({ where: entry });
    expect((await turned.rotateKeys(turned.desk)).rows).toBe(1);
    expect((await turned.rotateKeys(turned.desk)).rows).toBe(0);
    expect((await owner.auditLog.count({ where: entry })) - before).toBe(2);
  });

  test('passes over what is in use, waits for nobody, and comes back to it', async () => {
    const one = await keyedProcess(oldKey);
    const turned = await keyedProcess(newKey, oldKey);
    const { id } = await one.makePerson(owner);
    await one.makePerson(owner);
    const rotated = owner.$transaction(async (tx) => {
      await tx.user.update({ where: { id }, data: { failedLoginAttempts: 1 } });
      return turned.rotateKeys(turned.desk);
    });
    expect((await rotated).rows).toBe(1);
    expect((await turned.rotateKeys(turned.desk)).rows).toBe(1);
  });

  test('leaves a value that does not open as it is, says where, and keeps its key in use', async () => {
    const one = await keyedProcess(oldKey);
    const turned = await keyedProcess(newKey, oldKey);
    const { id } = await one.makePerson(owner);
    await one.makePerson(owner);
    const [row] = await owner.user.findMany({ where: { id }, select: { email: true } });
    const changed = Uint8Array.from(row?.email ?? []);
    changed[20] = (changed[20] ?? 0) ^ 1;
    await owner.user.update({ where: { id }, data: { email: changed } });
    const { rows, unopened } = await turned.rotateKeys(turned.desk);
    expect([rows, unopened]).toEqual([1, [expect.objectContaining({ table: 'users', id })]]);
    expect(JSON.stringify(unopened)).not.toContain('@');
    const [{ email } = { email: new Uint8Array() }] = await owner.user.findMany({
      where: { id },
      select: { email: true },
    });
    expect(Buffer.from(email)).toEqual(Buffer.from(changed));
    expect(Object.keys(await use(turned))).toContain(one.keyRing().first.name);
  });
});

describe('the command', () => {
  async function keys(entries: readonly string[], ...args: string[]) {
    const child = spawn(process.execPath, ['--import', 'tsx', 'scripts/keys.ts', ...args], {
      env: { ...process.env, ENCRYPTION_KEY: entries.join(',') },
    });
    let [out, said] = ['', ''];
    child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (said += text));
    const [code] = await once(child, 'close');
    return { code: code as number, out, said };
  }

  test('explains itself, and says what it does not understand', async () => {
    expect(await keys([oldKey], '--help')).toMatchObject({ code: 0, said: '' });
    for (const args of [[], ['burn'], ['rotate', 'twice']])
      expect(await keys([oldKey], ...args)).toMatchObject({ code: 2, out: '' });
  });

  test('makes a key that takes turns with the oldest', async () => {
    for (const entry of [oldKey, newKey]) {
      const { code, out } = await keys([entry], 'generate');
      expect(code).toBe(0);
      await expect(keyedProcess(out.trim(), entry)).resolves.toBeDefined();
    }
  });

  test('looks before it works, and lets the old key go once no row uses it; it never prints a key', async () => {
    const one = await keyedProcess(oldKey);
    const name = one.keyRing().first.name;
    await one.makePerson(owner);
    const dry = await keys([newKey, oldKey], 'rotate', '--dry-run');
    expect(dry).toMatchObject({ code: 0 });
    expect(Object.keys(await use(one))).toEqual([name]);
    const real = await keys([newKey, oldKey], 'rotate');
    expect(real).toMatchObject({ code: 0 });
    expect(real.out).toContain(`No row uses ${name} any more`);
    expect(Object.keys(await use(one))).not.toContain(name);
    for (const entry of [oldKey, newKey]) expect(dry.out + dry.said + real.out + real.said).not.toContain(entry);
  });

  test('says which key is missing, and lets none go', async () => {
    const one = await keyedProcess(oldKey);
    await one.makePerson(owner);
    const { code, out, said } = await keys([newKey], 'rotate');
    expect(code).toBe(1);
    expect(said).toContain(`Not in ENCRYPTION_KEY: ${one.keyRing().first.name}`);
    expect(out).not.toContain('any more');
  });
});
