/** What who runs the platform does to accounts and businesses, and what holds whatever they do. */
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { changeAccountRole } from '@/lib/accounts/administration/change-account-role';
import { inspectAccount } from '@/lib/accounts/administration/inspect-account';
import { listAccounts } from '@/lib/accounts/administration/list-accounts';
import { openLock } from '@/lib/accounts/administration/open-lock';
import { reinstateAccount } from '@/lib/accounts/administration/reinstate-account';
import { signOutSomebody } from '@/lib/accounts/administration/sign-out-somebody';
import { suspendAccount } from '@/lib/accounts/administration/suspend-account';
import { openBusiness } from '@/lib/accounts/open-business';
import { type GuestDesk, signIn } from '@/lib/accounts/sign-in/sign-in';
import { changeTier } from '@/lib/businesses/change-tier';
import { inspectBusiness } from '@/lib/businesses/inspect-business';
import { listBusinesses } from '@/lib/businesses/list-businesses';
import { loadLine } from '@/lib/businesses/load-line';
import { reinstateBusiness, suspendBusiness } from '@/lib/businesses/suspend-business';
import { newId } from '@/lib/platform/clock';
import { database } from '@/lib/platform/db';
import { enterByCall, enterBySession, enterForSignIn } from '@/lib/platform/enter';
import { NotFound, Refusal } from '@/lib/platform/errors';
import { hashPassword } from '@/lib/platform/password';
import { solvedCaptcha } from '@/tests/support/captcha';
import { testDatabase } from '@/tests/support/database';
import { freshSid, makeBusiness, makeCall, makePerson, ownerClient } from '@/tests/support/rows';
import { asOperator, asPerson } from '@/tests/support/visits';

const { owner: ownerUrl } = await testDatabase();
const owner = ownerClient(ownerUrl);
const password = 'nine grey herons';
const passwordHash = await hashPassword(password);
// What the database says. Prisma's messages quote the lines around the call, so these stand far from it.
const notGranted = /Message: `permission denied for/;
const lastAdmin = /Message: `the last admin stays/;
const nowhere = { ipAddress: null, userAgent: null };

type Person = Awaited<ReturnType<typeof makePerson>>;
let admin: Person;
let person: Person;
let business: Awaited<ReturnType<typeof makeBusiness>>;
let member: Person;
beforeEach(async () => {
  // Nobody else's admin may stand in for the last one: what earlier tests made is no admin any more.
  admin = await makePerson(owner, { role: 'admin', passwordHash });
  await owner.user.updateMany({ where: { id: { not: admin.id } }, data: { role: 'user' } });
  person = await makePerson(owner, { passwordHash });
  business = await makeBusiness(owner, { name: 'Harbour Dental', duty: ['+14155550140'] });
  member = await makePerson(owner, { passwordHash, member: { businessId: business.id, role: 'business_owner' } });
});
afterAll(async () => {
  await owner.$disconnect();
  await database().prisma.$disconnect();
  await database().pool.end();
});

const opens = async (sessionId: string) =>
  (await enterBySession(sessionId, nowhere, new Date(), async () => true)) ?? false;
const where = (sessionId: string) => enterBySession(sessionId, nowhere, new Date(), async ({ viewer }) => viewer);
let networks = 0;
const desk = (): GuestDesk => {
  const at = new Date();
  const origin = { ipAddress: `10.9.${networks >> 8}.${networks++ & 255}`, userAgent: 'test' };
  return { now: at, origin, deviceId: null, enter: (run) => enterForSignIn(origin, at, run) };
};
const messageOf = async (promise: Promise<unknown>) => {
  const error = await promise.then(
    () => null,
    (reason: unknown) => reason,
  );
  return error instanceof Refusal ? error.message : error;
};
const actionsOf = async (userId: string) =>
  (await owner.auditLog.findMany({ where: { userId }, orderBy: { id: 'asc' } })).map(({ action }) => action);

describe('a suspended account', () => {
  test('V7.4.2 loses every session at once, and its cookie opens nothing even where the row was left open', async () => {
    await asOperator(admin.sessionId, suspendAccount, { id: person.id });
    expect(await opens(person.sessionId)).toBe(false);
    expect(await owner.session.count({ where: { userId: person.id, revokedAt: null } })).toBe(0);
    await owner.session.updateMany({ where: { id: person.sessionId }, data: { revokedAt: null } });
    expect(await opens(person.sessionId)).toBe(false);
    expect(await actionsOf(admin.id)).toContain('account.suspend');
  });

  test('is refused at sign-in in the same words as a wrong password, with a line in the trail, and told by mail', async () => {
    const wrong = await messageOf(signIn(desk(), { email: person.email, password: 'not the password' }));
    await asOperator(admin.sessionId, suspendAccount, { id: person.id });
    expect(await messageOf(signIn(desk(), { email: person.email, password }))).toBe(wrong);
    expect(wrong).toContain('suspended');
    const [denied] = await owner.auditLog.findMany({
      where: { userId: person.id, action: 'session.deny' },
      orderBy: { id: 'desc' },
    });
    expect(denied?.details).toMatchObject({ reason: 'suspended' });
    const [mail] = await owner.job.findMany({
      where: { kind: 'account_mail', key: { startsWith: 'suspended' } },
      orderBy: { createdAt: 'desc' },
    });
    expect(mail?.payload).toEqual({ userId: person.id, mail: 'suspended' });
  });

  test('closes under guesses like any other, so that no answer tells that one of them was right', async () => {
    await asOperator(admin.sessionId, suspendAccount, { id: person.id });
    for (let tries = 0; tries < 5; tries += 1)
      await messageOf(signIn(desk(), { email: person.email, password, captcha: await solvedCaptcha() }));
    const user = await owner.user.findUniqueOrThrow({ where: { id: person.id } });
    expect(user.accountLockedUntil).not.toBeNull();
  });

  test('signs in again once the suspension is lifted', async () => {
    await asOperator(admin.sessionId, suspendAccount, { id: person.id });
    await asOperator(admin.sessionId, reinstateAccount, { id: person.id });
    const { sessionId } = await signIn(desk(), { email: person.email, password });
    expect(await opens(sessionId)).toBe(true);
    expect(await opens(person.sessionId)).toBe(false);
  });
});

test('an admin ends every session of an account, and it can sign in again', async () => {
  const second = await signIn(desk(), { email: person.email, password });
  await asOperator(admin.sessionId, signOutSomebody, { id: person.id });
  expect([await opens(person.sessionId), await opens(second.sessionId)]).toEqual([false, false]);
  expect(await opens((await signIn(desk(), { email: person.email, password })).sessionId)).toBe(true);
});

test('an account that wrong passwords closed is opened by an admin, to every browser', async () => {
  const soon = new Date(Date.now() + 900_000);
  await owner.user.update({ where: { id: person.id }, data: { accountLockedUntil: soon, failedLoginAttempts: 5 } });
  const at = new Date();
  const device = { userId: person.id, id: newId(), createdAt: at, lastSeenAt: at, lockedUntil: soon };
  await owner.knownDevice.create({ data: device });
  await asOperator(admin.sessionId, openLock, { id: person.id });
  expect(await owner.user.findUnique({ where: { id: person.id } })).toMatchObject({ accountLockedUntil: null });
  expect(await owner.knownDevice.findFirst({ where: { id: device.id } })).toMatchObject({ lockedUntil: null });
});

describe('a role', () => {
  test('V8.3.2 changes at once: the sessions that had the old one end', async () => {
    await asOperator(admin.sessionId, changeAccountRole, { id: person.id, role: 'admin' });
    expect(await opens(person.sessionId)).toBe(false);
    const { sessionId, role } = await signIn(desk(), { email: person.email, password });
    expect(role).toBe('admin');
    await asOperator(admin.sessionId, changeAccountRole, { id: person.id, role: 'user' });
    expect(await opens(sessionId)).toBe(false);
  });

  test('is not given to who belongs to a business', async () => {
    const change = asOperator(admin.sessionId, changeAccountRole, { id: member.id, role: 'admin' });
    expect(await messageOf(change)).toMatch(/belongs to none/);
  });

  test('of one’s own is nobody’s to change, in the use case and in the database', async () => {
    const other = await makePerson(owner, { role: 'admin', passwordHash });
    for (const change of [
      asOperator(other.sessionId, changeAccountRole, { id: other.id, role: 'user' }),
      asOperator(other.sessionId, suspendAccount, { id: other.id }),
    ])
      expect(await messageOf(change)).toMatch(/your own account/);
    const changed = await asOperator(
      other.sessionId,
      async ({ tx, viewer }) => tx.user.updateMany({ where: { id: viewer.userId }, data: { role: 'user' } }),
      null,
    );
    expect(changed.count).toBe(0);
  });

  test('V8.2.3 can be set by no role of the application but the operator’s, column by column', async () => {
    const asMember = asPerson(
      member.sessionId,
      async ({ tx, viewer }) => tx.user.updateMany({ where: { id: viewer.userId }, data: { role: 'admin' } }),
      null,
    );
    await expect(asMember).rejects.toThrow(notGranted);
    const email = asOperator(
      admin.sessionId,
      async ({ tx }) => tx.user.updateMany({ where: { id: person.id }, data: { emailIndex: new Uint8Array(32) } }),
      null,
    );
    await expect(email).rejects.toThrow(notGranted);
  });
});

describe('the last admin', () => {
  test('is neither demoted nor suspended by whoever asks, be it the tables’ owner', async () => {
    for (const data of [{ role: 'user' as const }, { suspendedAt: new Date() }])
      await expect(owner.user.update({ where: { id: admin.id }, data })).rejects.toThrow(lastAdmin);
    await expect(owner.user.delete({ where: { id: admin.id } })).rejects.toThrow(lastAdmin);
    await expect(owner.user.updateMany({ data: { role: 'user' } })).rejects.toThrow(lastAdmin);
  });

  test('is not one who has no way to sign in yet', async () => {
    await makePerson(owner, { role: 'admin' });
    await expect(owner.user.update({ where: { id: admin.id }, data: { role: 'user' } })).rejects.toThrow(lastAdmin);
  });

  test('stays also where two take each other’s role at the same time, many times over', async () => {
    for (let round = 0; round < 8; round += 1) {
      const other = await makePerson(owner, { role: 'admin', passwordHash });
      const mine = (await makePerson(owner, { role: 'admin', passwordHash })).sessionId;
      const [me] = await owner.session.findMany({ where: { id: mine } });
      if (!me) throw new Error('no session');
      await owner.user.updateMany({ where: { id: { notIn: [other.id, me.userId] } }, data: { role: 'user' } });
      const done = await Promise.allSettled([
        asOperator(mine, changeAccountRole, { id: other.id, role: 'user' }),
        asOperator(other.sessionId, round % 2 ? suspendAccount : changeAccountRole, { id: me.userId, role: 'user' }),
      ]);
      expect(await owner.user.count({ where: { role: 'admin', suspendedAt: null } })).toBe(1);
      expect(done.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    }
  });
});

describe('a suspended business', () => {
  test('V7.4.2 is entered by nobody: its people keep their accounts and have no role in it', async () => {
    await asOperator(admin.sessionId, suspendBusiness, { id: business.id });
    expect(await where(member.sessionId)).toMatchObject({ role: 'user', businessId: null });
    expect(await messageOf(asPerson(member.sessionId, openBusiness, { id: business.id }))).toMatch(/suspended/);
    const { sessionId, role } = await signIn(desk(), { email: member.email, password });
    expect(role).toBe('user');
    expect(await where(sessionId)).toMatchObject({ businessId: null });
    await asOperator(admin.sessionId, reinstateBusiness, { id: business.id });
    expect(await where(member.sessionId)).toMatchObject({ role: 'business_owner', businessId: business.id });
  });

  test('still answers: with greeting and message, and nobody is rung', async () => {
    await asOperator(admin.sessionId, suspendBusiness, { id: business.id });
    const line = await enterByCall(freshSid('CA'), nowhere, new Date(), (visit) => loadLine(visit), {
      called: business.number,
    });
    expect(line).toMatchObject({ name: 'Harbour Dental', service: 'message_only' });
  });

  test('is in the trail of the business itself', async () => {
    await asOperator(admin.sessionId, suspendBusiness, { id: business.id });
    expect(
      await owner.auditLog.findFirst({ where: { action: 'business.suspend', businessId: business.id } }),
    ).toMatchObject({ userId: admin.id });
  });
});

test('a tier comes with its minutes, and counts from the next call', async () => {
  await asOperator(admin.sessionId, changeTier, { id: business.id, tier: 'pro', minutes: 1200 });
  expect(await owner.business.findUnique({ where: { id: business.id } })).toMatchObject({
    tier: 'pro',
    monthlyMinutesLimit: 1200,
  });
  await expect(asOperator(admin.sessionId, changeTier, { id: newId(), tier: 'pro', minutes: 1 })).rejects.toThrow(
    NotFound,
  );
});

describe('what the operator sees', () => {
  test('businesses by a part of the name or by number, in figures and never a caller', async () => {
    await makeCall(owner, business.id, { wanted: 'A secret wish.' });
    for (const find of ['harbour DENT', business.number, business.number.replace('+1', '+1 ')]) {
      const { businesses } = await asOperator(admin.sessionId, listBusinesses, { find });
      expect(
        businesses.map(({ id }) => id),
        find,
      ).toContain(business.id);
    }
    const { businesses } = await asOperator(admin.sessionId, listBusinesses, { find: '+19995550000' });
    expect(businesses).toEqual([]);
    const found = await asOperator(admin.sessionId, inspectBusiness, { id: business.id });
    expect(found).toMatchObject({ calls: 1, people: [{ id: member.id, role: 'business_owner' }] });
    expect(JSON.stringify(found)).not.toMatch(/secret wish|4155550123/);
  });

  test('accounts by list, each opened name in the trail, page by page without a gap', async () => {
    const many = [];
    for (let n = 0; n < 53; n += 1) many.push((await makePerson(owner)).id);
    const first = await asOperator(admin.sessionId, listAccounts, { show: 'recent' });
    const second = await asOperator(admin.sessionId, listAccounts, { show: 'recent', before: first.older ?? '' });
    const ids = [...first.accounts, ...second.accounts].map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const id of many) expect(ids).toContain(id);
    const back = await asOperator(admin.sessionId, listAccounts, { show: 'recent', after: second.newer ?? '' });
    expect(back.accounts.map(({ id }) => id)).toEqual(first.accounts.map(({ id }) => id));
    const entry = await owner.auditLog.findFirst({
      where: { userId: admin.id, action: 'user.read' },
      orderBy: { id: 'asc' },
    });
    expect(entry?.details).toEqual({ ids: first.accounts.map(({ id }) => id) });
    const admins = await asOperator(admin.sessionId, listAccounts, { show: 'admins' });
    expect(admins.accounts.map(({ id }) => id)).toEqual([admin.id]);
    await expect(asOperator(admin.sessionId, inspectAccount, { id: newId() })).rejects.toThrow(NotFound);
  });
});
