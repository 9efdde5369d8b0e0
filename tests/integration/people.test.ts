/** Who belongs to a business: asked in by mail, given a role, taken out; and never a business without an owner. */
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { makeLink } from '@/lib/accounts/one-time-token';
import { openBusiness } from '@/lib/accounts/open-business';
import { resetPassword } from '@/lib/accounts/password/reset-password';
import { acceptInvitation } from '@/lib/accounts/people/accept-invitation';
import { changeMemberRole } from '@/lib/accounts/people/change-member-role';
import { inviteMember } from '@/lib/accounts/people/invite-member';
import { joinByInvitation } from '@/lib/accounts/people/join-by-invitation';
import { leaveBusiness } from '@/lib/accounts/people/leave-business';
import { listMembers } from '@/lib/accounts/people/list-members';
import { readInvitation } from '@/lib/accounts/people/read-invitation';
import { readLeaving } from '@/lib/accounts/people/read-leaving';
import { readMember } from '@/lib/accounts/people/read-member';
import { removeMember } from '@/lib/accounts/people/remove-member';
import { resendInvitation } from '@/lib/accounts/people/resend-invitation';
import { restoreInvitation } from '@/lib/accounts/people/restore-invitation';
import { transferOwnership } from '@/lib/accounts/people/transfer-ownership';
import { withdrawInvitation } from '@/lib/accounts/people/withdraw-invitation';
import { type GuestDesk, signIn } from '@/lib/accounts/sign-in/sign-in';
import { sweep } from '@/lib/jobs/run-jobs';
import { newId } from '@/lib/platform/clock';
import { database } from '@/lib/platform/db';
import { enterAsSystem, enterBySession, enterForSignIn } from '@/lib/platform/enter';
import { NotFound, Refusal } from '@/lib/platform/errors';
import { readOutbox } from '@/lib/platform/mail';
import { hashPassword } from '@/lib/platform/password';
import type { Member, Person, Visit } from '@/lib/platform/visit';
import { testDatabase } from '@/tests/support/database';
import { makeBusiness, makePerson, ownerClient } from '@/tests/support/rows';
import { asMember, asPerson } from '@/tests/support/visits';

const { owner: ownerUrl } = await testDatabase();
const owner = ownerClient(ownerUrl);
process.chdir(mkdtempSync(path.join(tmpdir(), 'aftercallpro-')));
const password = 'a lamp above the weir';
const passwordHash = await hashPassword(password);
const origin = { ipAddress: '10.4.0.1', userAgent: 'test' };

type Someone = Awaited<ReturnType<typeof makePerson>>;
let clinic: Awaited<ReturnType<typeof makeBusiness>>;
let ana: Someone;
beforeEach(async () => {
  await owner.job.deleteMany();
  clinic = await makeBusiness(owner, { name: 'Harbour Dental' });
  ana = await makePerson(owner, { member: { businessId: clinic.id, role: 'business_owner' } });
});
afterAll(async () => {
  await owner.$disconnect();
  await database().prisma.$disconnect();
  await database().pool.end();
});

const inMinutes = (minutes: number) => new Date(Date.now() + minutes * 60_000);
const days = (count: number) => inMinutes(count * 24 * 60);
const freshEmail = () => `${newId()}@example.com`;
const as = <I, T>(who: Someone, useCase: (visit: Visit<Member>, input: I) => Promise<T>, input: I, at?: Date) =>
  asMember(who.sessionId, useCase, input, at);
const colleague = (role: 'business_owner' | 'staff' = 'staff', businessId = clinic.id) =>
  makePerson(owner, { member: { businessId, role } });

const guest = (at = new Date()): GuestDesk => ({
  now: at,
  origin,
  deviceId: null,
  enter: (run) => enterForSignIn(origin, at, run),
});
const viewerOf = (who: { sessionId: string }, at = new Date()): Promise<Person | null> =>
  enterBySession(who.sessionId, origin, at, async ({ viewer }) => viewer);
async function deskOf(who: { sessionId: string }, at = new Date()) {
  const viewer = await viewerOf(who, at);
  if (!viewer) throw new Error('this session opens nothing');
  return { ...guest(at), viewer };
}
const opens = async (sessionId: string) => (await viewerOf({ sessionId })) !== null;

const mails = async (email: string) => (await readOutbox()).filter(({ to }) => to === email);
const tokenIn = (text: string | undefined) => /\?token=([\w-]+)/.exec(text ?? '')?.[1] ?? '';
/** The link in the newest invitation to an address. */
async function newestToken(email: string): Promise<string> {
  await sweep();
  return tokenIn((await mails(email)).find(({ text }) => text.includes('/invitation?'))?.text);
}
async function invited(email: string, role: 'business_owner' | 'staff' = 'staff', by = ana, at?: Date) {
  await as(by, inviteMember, { email, role }, at);
  const { id } = await owner.invitation.findFirstOrThrow({ orderBy: { id: 'desc' }, select: { id: true } });
  return { id, token: await newestToken(email) };
}
const newcomer = (token: string) => ({ token, name: 'Noor Haddad', password });
const rolesIn = async (businessId = clinic.id) =>
  Object.fromEntries(
    (await owner.membership.findMany({ where: { businessId } })).map(({ userId, role }) => [userId, role]),
  );
/** Lets the invitations of the clinic be so many days older than they are. */
const letPass = (count: number) => owner.$executeRaw`
  UPDATE invitations SET created_at = created_at - make_interval(days => ${count}), sent_at = sent_at - make_interval(days => ${count}),
    expires_at = expires_at - make_interval(days => ${count}) WHERE business_id = ${clinic.id}::uuid`;
const refusedWith = (error: typeof Refusal | typeof NotFound) => (result: PromiseSettledResult<unknown>) =>
  result.status === 'rejected' && result.reason instanceof error;

describe('an invitation', () => {
  test('makes an account for somebody new, with the role it says, who then signs in to the business', async () => {
    const email = freshEmail();
    const { token } = await invited(email);
    expect(await readInvitation(guest(), { token }, null)).toEqual({
      state: 'open',
      business: 'Harbour Dental',
      role: 'staff',
      email,
      next: 'join',
    });
    await joinByInvitation(guest(), newcomer(token));
    const { sessionId, role } = await signIn(guest(), { email, password });
    expect(role).toBe('staff');
    expect(await viewerOf({ sessionId })).toMatchObject({ businessId: clinic.id, role: 'staff' });
    const { role: account } = await owner.user.findFirstOrThrow({ orderBy: { id: 'desc' } });
    expect(account).toBe('user');
  });

  test('brings somebody with an account into a second business, which their session then looks at', async () => {
    const other = await makeBusiness(owner);
    const ben = await colleague('business_owner', other.id);
    const { token } = await invited(ben.email);
    const look = async (viewer: Person | null) => (await readInvitation(guest(), { token }, viewer)).next;
    expect(await look(null)).toBe('sign in');
    expect(await look(await viewerOf(ben))).toBe('accept');
    await acceptInvitation(await deskOf(ben), { token });
    expect(await viewerOf(ben)).toMatchObject({ businessId: clinic.id, role: 'staff' });
    await asPerson(ben.sessionId, openBusiness, { id: other.id });
    expect(await viewerOf(ben)).toMatchObject({ businessId: other.id, role: 'business_owner' });
  });

  test('is for its address alone: whoever else holds the link gets nothing', async () => {
    const ben = await makePerson(owner);
    const eve = await makePerson(owner);
    const { token } = await invited(ben.email);
    expect(await readInvitation(guest(), { token }, await viewerOf(eve))).toMatchObject({ next: 'switch' });
    await expect(acceptInvitation(await deskOf(eve), { token })).rejects.toThrow(/another address/);
    expect(Object.keys(await rolesIn())).toEqual([ana.id]);
    const denial = await owner.auditLog.findFirstOrThrow({ where: { userId: eve.id, action: 'invitation.deny' } });
    expect(denial).toMatchObject({ businessId: null, details: { reason: 'address' } });
    await acceptInvitation(await deskOf(ben), { token });
    expect(await rolesIn()).toHaveProperty(ben.id, 'staff');
  });

  test('counts an address as the same one however its letters are written', async () => {
    const email = freshEmail();
    const ben = await makePerson(owner, { email });
    const { token } = await invited(email.toUpperCase());
    await acceptInvitation(await deskOf(ben), { token });
    expect(await rolesIn()).toHaveProperty(ben.id, 'staff');
  });

  test('V6.4.1 works once, also for twenty who bring it at the same time', async () => {
    const ben = await makePerson(owner);
    const { token } = await invited(ben.email);
    const desk = await deskOf(ben);
    const tries = await Promise.allSettled(Array.from({ length: 20 }, () => acceptInvitation(desk, { token })));
    expect(tries.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(tries.filter(refusedWith(Refusal))).toHaveLength(19);

    const email = freshEmail();
    const second = await invited(email);
    const joins = await Promise.allSettled(
      Array.from({ length: 8 }, () => joinByInvitation(guest(), newcomer(second.token))),
    );
    expect(joins.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(joins.filter(refusedWith(Refusal))).toHaveLength(7);
    expect(Object.keys(await rolesIn())).toHaveLength(3);
    expect(await readInvitation(guest(), { token }, null)).toEqual({ state: 'accepted' });
  });

  test('V6.4.1 is 256 random bits, of which neither database nor trail holds anything that would open it', async () => {
    const { token } = await invited(freshEmail());
    expect(token).toMatch(/^[\w-]{43}$/);
    const rows = await owner.$queryRaw<{ text: string }[]>`
      SELECT t::text AS text FROM invitations t UNION ALL SELECT j::text FROM jobs j UNION ALL SELECT a::text FROM audit_logs a`;
    expect(rows.length).toBeGreaterThan(2);
    for (const { text } of rows) expect(text).not.toContain(token);
  });

  test('V6.4.1 works for seven days', async () => {
    const ben = await makePerson(owner, { at: days(7) });
    const { token } = await invited(ben.email);
    const late = days(7 + 0.01);
    expect(await readInvitation(guest(late), { token }, null)).toEqual({ state: 'expired' });
    await expect(acceptInvitation(await deskOf(ben, late), { token })).rejects.toThrow(/no longer works/);
    await expect(joinByInvitation(guest(late), newcomer(token))).rejects.toThrow(/no longer works/);
    await acceptInvitation(await deskOf(ben, days(6.99)), { token });
    expect(await rolesIn()).toHaveProperty(ben.id, 'staff');
  });

  test('V9.2.2 is for joining alone, and no other link joins', async () => {
    const ben = await makePerson(owner, { passwordHash });
    const { token } = await invited(ben.email);
    await expect(resetPassword(guest(), { token, password: 'nine grey herons' })).rejects.toThrow(Refusal);
    for (const purpose of ['reset_password', 'unlock'] as const) {
      const link = await enterAsSystem(new Date(), (visit) => makeLink(visit, ben.id, purpose));
      await expect(acceptInvitation(await deskOf(ben), { token: tokenIn(link) })).rejects.toThrow(Refusal);
      expect(await readInvitation(guest(), { token: tokenIn(link) }, null)).toEqual({ state: 'unknown' });
    }
    for (const made of ['', 'x', 'A'.repeat(43), ben.sessionId, clinic.id])
      await expect(acceptInvitation(await deskOf(ben), { token: made })).rejects.toThrow(Refusal);
    expect(Object.keys(await rolesIn())).toEqual([ana.id]);
  });

  test('sent again has a new link and all its days, and the link before it is dead at once', async () => {
    const email = freshEmail();
    const { id, token } = await invited(email);
    await expect(as(ana, resendInvitation, { id }, inMinutes(4))).rejects.toThrow(/less than 5 minutes ago/);
    await as(ana, resendInvitation, { id }, inMinutes(6));
    expect(await readInvitation(guest(), { token }, null)).toEqual({ state: 'unknown' });
    await expect(joinByInvitation(guest(), newcomer(token))).rejects.toThrow(/no longer works/);
    const fresh = await newestToken(email);
    expect(fresh).not.toBe(token);
    expect(await readInvitation(guest(days(7)), { token: fresh }, null)).toMatchObject({ state: 'open' });
  });

  test('withdrawn opens nothing, and opens again when that is undone', async () => {
    const ben = await makePerson(owner);
    const { id, token } = await invited(ben.email);
    await as(ana, withdrawInvitation, { id });
    expect(await readInvitation(guest(), { token }, null)).toEqual({ state: 'withdrawn' });
    await expect(acceptInvitation(await deskOf(ben), { token })).rejects.toThrow(/no longer works/);
    await expect(as(ana, withdrawInvitation, { id })).rejects.toThrow(NotFound);
    await as(ana, restoreInvitation, { id });
    await acceptInvitation(await deskOf(ben), { token });
    await expect(as(ana, restoreInvitation, { id })).rejects.toThrow(NotFound);
  });

  test('withdrawn before the mail went out is not sent', async () => {
    const email = freshEmail();
    await as(ana, inviteMember, { email, role: 'staff' });
    const { id } = await owner.invitation.findFirstOrThrow({ where: { businessId: clinic.id } });
    await as(ana, withdrawInvitation, { id });
    expect(await newestToken(email)).toBe('');
  });

  test('of an owner who is one no more is withdrawn with that', async () => {
    const ben = await colleague('business_owner');
    const cleo = await colleague('business_owner');
    const first = await invited(freshEmail(), 'business_owner', ben);
    const second = await invited(freshEmail(), 'business_owner', cleo);
    const kept = await invited(freshEmail());
    await as(ana, changeMemberRole, { id: ben.id, role: 'staff' });
    await as(ana, removeMember, { id: cleo.id });
    const state = async (token: string) => (await readInvitation(guest(), { token }, null)).state;
    expect([await state(first.token), await state(second.token), await state(kept.token)]).toEqual([
      'withdrawn',
      'withdrawn',
      'open',
    ]);
  });

  test('is not for somebody who belongs to the business, or is invited already', async () => {
    const ben = await colleague();
    const refusal = (email: string) =>
      expect(as(ana, inviteMember, { email, role: 'staff' as const })).rejects.toMatchObject({
        fields: { email: expect.any(String) },
      });
    await refusal(ben.email);
    await refusal(ana.email.toUpperCase());
    const email = freshEmail();
    await invited(email);
    await refusal(email);
    await letPass(8);
    await as(ana, inviteMember, { email, role: 'staff' }); // what ran out stands in nobody's way
    expect(await owner.invitation.count({ where: { businessId: clinic.id, withdrawnAt: null } })).toBe(1);
  });

  test('of an account that runs the platform joins no business', async () => {
    const admin = await makePerson(owner, { role: 'admin' });
    const { token } = await invited(admin.email);
    expect(await readInvitation(guest(), { token }, await viewerOf(admin))).toMatchObject({ next: 'never' });
    await expect(acceptInvitation(await deskOf(admin), { token })).rejects.toThrow(Refusal);
    expect(Object.keys(await rolesIn())).toEqual([ana.id]);
  });

  test('V6.2.1 V6.2.4 V6.2.11 V6.2.12 is not used up by a password against the rules, which makes no account', async () => {
    const email = freshEmail();
    const { token } = await invited(email);
    const before = await owner.user.count();
    for (const bad of ['short', 'Password1!', email, 'Noor Haddad 2026!'])
      await expect(joinByInvitation(guest(), { ...newcomer(token), password: bad })).rejects.toMatchObject({
        fields: { password: expect.any(String) },
      });
    expect(await owner.user.count()).toBe(before);
    await joinByInvitation(guest(), newcomer(token));
  });

  test('sets no password for an account that is there', async () => {
    const ben = await makePerson(owner, { passwordHash });
    const { token } = await invited(ben.email);
    await expect(joinByInvitation(guest(), { ...newcomer(token), password: 'nine grey herons' })).rejects.toThrow(
      Refusal,
    );
    await expect(signIn(guest(), { email: ben.email, password })).resolves.toMatchObject({ role: 'user' });
    expect(Object.keys(await rolesIn())).toEqual([ana.id]);
  });

  test('leads to APP_URL, and says the business by a name that is no link', async () => {
    await owner.business.update({
      where: { id: clinic.id },
      data: { name: 'Win at https://evil.example/now\r\nBcc: a@b.example' },
    });
    const email = freshEmail();
    await invited(email);
    const [mail] = await mails(email);
    expect(mail?.text).toMatch(/^http:\/\/127\.0\.0\.1:3000\/invitation\?token=[\w-]{43}$/m);
    expect(mail?.text.match(/https?:/g)).toHaveLength(1);
    expect(mail?.subject).toBe('Win at https evil example now Bcc a b example invites you to AfterCallPro');
  });
});

describe('the limits of invitations', () => {
  test('V2.3.2 twenty are open at a time, also where forty are sent at once, and withdrawals do not make more', async () => {
    const sent = await Promise.allSettled(
      Array.from({ length: 40 }, () => as(ana, inviteMember, { email: freshEmail(), role: 'staff' as const })),
    );
    const done = sent.filter(({ status }) => status === 'fulfilled').length;
    // Whoever waited too long for their turn got nothing either.
    expect(done).toBeLessThanOrEqual(20);
    while ((await owner.invitation.count({ where: { businessId: clinic.id } })) < 20)
      await as(ana, inviteMember, { email: freshEmail(), role: 'staff' });
    const one = as(ana, inviteMember, { email: freshEmail(), role: 'staff' });
    await expect(one).rejects.toThrow(/20 invitations/);
    const { id } = await owner.invitation.findFirstOrThrow({ where: { businessId: clinic.id } });
    await as(ana, withdrawInvitation, { id });
    await as(ana, inviteMember, { email: freshEmail(), role: 'staff' });
    await expect(as(ana, restoreInvitation, { id })).rejects.toThrow(/20 invitations/);
  });

  test('one address gets three in a day, however often they are withdrawn', async () => {
    const email = freshEmail();
    for (let n = 0; n < 3; n += 1) await as(ana, withdrawInvitation, await invited(email));
    await expect(as(ana, inviteMember, { email, role: 'staff' })).rejects.toMatchObject({
      fields: { email: expect.stringContaining('in a day') },
    });
    expect(await mails(email)).toHaveLength(3);
    await letPass(1);
    await as(ana, inviteMember, { email, role: 'staff' });
  });
});

describe('a member', () => {
  test('V8.3.2 has the new role from the next request, and is signed out of the business', async () => {
    const ben = await colleague();
    const other = await makeBusiness(owner);
    await owner.membership.create({ data: { businessId: other.id, userId: ben.id, role: 'staff' } });
    const elsewhere = newId();
    const [{ id: _, ...session }] = await owner.session
      .findMany({ where: { id: ben.sessionId }, take: 1 })
      .then((rows) => {
        const [row] = rows;
        if (!row) throw new Error('no session');
        return [row] as const;
      });
    await owner.session.create({ data: { ...session, id: elsewhere, businessId: other.id } });
    await as(ana, changeMemberRole, { id: ben.id, role: 'business_owner' });
    expect(await rolesIn()).toMatchObject({ [ben.id]: 'business_owner' });
    expect([await opens(ben.sessionId), await opens(elsewhere), await opens(ana.sessionId)]).toEqual([
      false,
      true,
      true,
    ]);
    await asPerson(elsewhere, openBusiness, { id: clinic.id });
    expect(await viewerOf({ sessionId: elsewhere })).toMatchObject({ role: 'business_owner' });
    await as(ana, changeMemberRole, { id: ben.id, role: 'staff' });
    expect(await opens(elsewhere)).toBe(false);
  });

  test('V8.3.2 V7.4.2 who is taken out is signed out of that business at once, and the account stays', async () => {
    const ben = await makePerson(owner, { member: { businessId: clinic.id, role: 'staff' }, passwordHash });
    await as(ana, removeMember, { id: ben.id });
    expect(await opens(ben.sessionId)).toBe(false);
    const { sessionId, role } = await signIn(guest(), { email: ben.email, password });
    expect(role).toBe('user');
    expect(await viewerOf({ sessionId })).toMatchObject({ businessId: null });
    await expect(asPerson(sessionId, openBusiness, { id: clinic.id })).rejects.toThrow(NotFound);
  });

  test('may leave, and stays signed in, in no business', async () => {
    const ben = await colleague();
    expect(await asPerson(ben.sessionId, readLeaving, undefined)).toMatchObject({ id: clinic.id, isLastOwner: false });
    await asPerson(ben.sessionId, leaveBusiness, { id: clinic.id });
    expect(await viewerOf(ben)).toMatchObject({ businessId: null, role: 'user' });
    await expect(asPerson(ben.sessionId, leaveBusiness, { id: clinic.id })).rejects.toThrow(NotFound);
    expect(await asPerson(ben.sessionId, readLeaving, undefined)).toBeNull();
  });

  test('leaves the business that was shown, not the one that another window has opened since', async () => {
    const other = await makeBusiness(owner);
    const ben = await colleague();
    await owner.membership.create({ data: { businessId: other.id, userId: ben.id, role: 'staff' } });
    await asPerson(ben.sessionId, openBusiness, { id: other.id });
    await expect(asPerson(ben.sessionId, leaveBusiness, { id: clinic.id })).rejects.toThrow(NotFound);
    expect(await rolesIn(other.id)).toHaveProperty(ben.id);
    expect(await rolesIn()).toHaveProperty(ben.id);
  });

  test('is told by mail what has become of them, with nothing in it of who they are', async () => {
    const [ben, cleo, dev] = [await colleague(), await colleague(), await colleague()];
    await as(ana, changeMemberRole, { id: ben.id, role: 'business_owner' });
    await as(ana, removeMember, { id: cleo.id });
    await asPerson(dev.sessionId, leaveBusiness, { id: clinic.id });
    await as(ana, changeMemberRole, { id: ben.id, role: 'staff' });
    await as(ana, transferOwnership, { id: ben.id });
    await sweep();
    const told = async ({ email }: Someone) => (await mails(email)).map(({ subject }) => subject).toSorted();
    const promoted = 'You are now an owner of Harbour Dental';
    expect(await told(ben)).toEqual([promoted, promoted, 'You are now staff at Harbour Dental']);
    expect(await told(cleo)).toEqual(['You no longer belong to Harbour Dental']);
    expect(await told(dev)).toEqual(['You have left Harbour Dental']);
    expect(await told(ana)).toEqual(['You are now staff at Harbour Dental']);
    for (const mail of await mails(ben.email)) expect(mail.text).not.toContain('Somebody');
  });

  test('with the role already is left as they are, signed in and without a mail', async () => {
    const ben = await colleague();
    await as(ana, changeMemberRole, { id: ben.id, role: 'staff' });
    expect(await opens(ben.sessionId)).toBe(true);
    expect(await owner.job.count({ where: { kind: 'member_mail' } })).toBe(0);
  });
});

describe('handing a business over', () => {
  test('makes somebody else the owner, and the one before stays as staff, signed in here alone', async () => {
    const ben = await colleague();
    const second = newId();
    const at = new Date();
    await owner.session.create({
      data: {
        id: second,
        userId: ana.id,
        businessId: clinic.id,
        createdAt: at,
        lastSeenAt: at,
        idleSeconds: 3600,
        expiresAt: days(0.5),
      },
    });
    await as(ana, transferOwnership, { id: ben.id });
    expect(await rolesIn()).toEqual({ [ana.id]: 'staff', [ben.id]: 'business_owner' });
    expect([await opens(ana.sessionId), await opens(second), await opens(ben.sessionId)]).toEqual([true, false, false]);
    expect(await viewerOf(ana)).toMatchObject({ role: 'staff' });
  });

  test('V15.4.2 to two people at the same moment reaches one of them', async () => {
    const pair = [await colleague(), await colleague()];
    const tries = await Promise.allSettled(pair.map(({ id }) => as(ana, transferOwnership, { id })));
    expect(tries.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(Object.values(await rolesIn()).toSorted()).toEqual(['business_owner', 'staff', 'staff']);
  });

  test('goes to staff: not to oneself, to another owner or to a stranger', async () => {
    const ben = await colleague('business_owner');
    for (const id of [ana.id, ben.id, newId()])
      await expect(as(ana, transferOwnership, { id })).rejects.toThrow(NotFound);
    expect(Object.values(await rolesIn())).toEqual(['business_owner', 'business_owner']);
  });
});

describe('the last owner', () => {
  test('cannot leave, be taken out or become staff', async () => {
    await colleague();
    expect(await asPerson(ana.sessionId, readLeaving, undefined)).toMatchObject({ isLastOwner: true });
    await expect(asPerson(ana.sessionId, leaveBusiness, { id: clinic.id })).rejects.toThrow(/keeps an owner/);
    await expect(as(ana, removeMember, { id: ana.id })).rejects.toThrow(/keeps an owner/);
    await expect(as(ana, changeMemberRole, { id: ana.id, role: 'staff' })).rejects.toThrow(/keeps an owner/);
    expect(await rolesIn()).toHaveProperty(ana.id, 'business_owner');
  });

  test('is kept by the database itself, whatever statement takes one away', async () => {
    await expect(owner.membership.deleteMany({ where: { businessId: clinic.id } })).rejects.toThrow(/keeps an owner/);
    await expect(owner.membership.updateMany({ where: { userId: ana.id }, data: { role: 'staff' } })).rejects.toThrow(
      /keeps an owner/,
    );
    await expect(owner.user.delete({ where: { id: ana.id } })).rejects.toThrow(/keeps an owner/);
    await owner.business.delete({ where: { id: clinic.id } }); // with its business it may go
  });

  test('V15.4.2 is kept by the database itself also where two are taken away at the same moment', async () => {
    for (let round = 0; round < 5; round += 1) {
      const { id } = await makeBusiness(owner);
      const pair = [await colleague('business_owner', id), await colleague('business_owner', id)];
      const gone = await Promise.allSettled(
        pair.map(({ id: userId }) => owner.membership.deleteMany({ where: { businessId: id, userId } })),
      );
      expect(gone.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
      expect(Object.values(await rolesIn(id))).toEqual(['business_owner']);
    }
  });

  test('V15.4.2 two owners who leave at the same moment: one stays', async () => {
    for (let round = 0; round < 5; round += 1) {
      const { id } = await makeBusiness(owner);
      const pair = [await colleague('business_owner', id), await colleague('business_owner', id)];
      const left = await Promise.allSettled(pair.map(({ sessionId }) => asPerson(sessionId, leaveBusiness, { id })));
      expect(left.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
      expect(left.filter(refusedWith(Refusal))).toHaveLength(1);
      expect(Object.values(await rolesIn(id))).toEqual(['business_owner']);
    }
  });

  test('V15.4.2 two owners who take each other out, or down, at the same moment: one stays', async () => {
    const ways: readonly ((visit: Visit<Member>, id: string) => Promise<unknown>)[] = [
      (visit, id) => removeMember(visit, { id }),
      (visit, id) => changeMemberRole(visit, { id, role: 'staff' }),
    ];
    for (const useCase of ways) {
      const { id } = await makeBusiness(owner);
      const one = await colleague('business_owner', id);
      const two = await colleague('business_owner', id);
      const tries = await Promise.allSettled([as(one, useCase, two.id), as(two, useCase, one.id)]);
      expect(tries.filter(({ status }) => status === 'fulfilled').length).toBeGreaterThanOrEqual(1);
      expect(Object.values(await rolesIn(id)).filter((role) => role === 'business_owner')).toHaveLength(1);
    }
  });
});

describe('somebody else’s business', () => {
  test('V8.2.2 V8.4.1 its people and invitations are nothing to an owner of another', async () => {
    const other = await makeBusiness(owner);
    const eve = await colleague('business_owner', other.id);
    const ben = await colleague();
    const { id, token } = await invited(freshEmail());
    const tries = await Promise.allSettled([
      as(eve, readMember, { id: ben.id }),
      as(eve, changeMemberRole, { id: ben.id, role: 'business_owner' as const }),
      as(eve, removeMember, { id: ben.id }),
      as(eve, transferOwnership, { id: ben.id }),
      as(eve, resendInvitation, { id }, inMinutes(6)),
      as(eve, withdrawInvitation, { id }),
      as(eve, restoreInvitation, { id }),
      asPerson(eve.sessionId, leaveBusiness, { id: clinic.id }),
    ]);
    expect(tries.filter(refusedWith(NotFound))).toHaveLength(tries.length);
    expect(await rolesIn()).toEqual({ [ana.id]: 'business_owner', [ben.id]: 'staff' });
    expect(await opens(ben.sessionId)).toBe(true);
    expect(await readInvitation(guest(), { token }, null)).toMatchObject({ state: 'open' });
    const seen = await as(eve, listMembers, undefined);
    expect(seen.members.map(({ id: who }) => who)).toEqual([eve.id]);
    expect(seen.invitations).toEqual([]);
  });

  test('V8.2.1 staff who get past the door are stopped by the database', async () => {
    const ben = await colleague();
    const cleo = await colleague();
    const { id } = await invited(freshEmail());
    const tries = await Promise.allSettled([
      as(ben, changeMemberRole, { id: ben.id, role: 'business_owner' as const }),
      as(ben, removeMember, { id: cleo.id }),
      as(ben, transferOwnership, { id: ben.id }),
      as(ben, resendInvitation, { id }, inMinutes(6)),
      as(ben, withdrawInvitation, { id }),
    ]);
    expect(tries.filter(refusedWith(NotFound))).toHaveLength(tries.length);
    await expect(as(ben, inviteMember, { email: freshEmail(), role: 'business_owner' })).rejects.toThrow(
      /row-level security/,
    );
    expect((await as(ben, listMembers, undefined)).invitations).toEqual([]);
    expect(await rolesIn()).toMatchObject({ [ben.id]: 'staff', [cleo.id]: 'staff' });
  });

  test('nobody who is signed in reads the hash of a link, or writes a membership', async () => {
    const on = (statement: string) =>
      enterBySession(ana.sessionId, origin, new Date(), ({ tx }) => tx.$queryRawUnsafe(statement));
    for (const statement of [
      'SELECT secret_hash FROM invitations',
      `UPDATE memberships SET role = 'staff'`,
      'DELETE FROM memberships',
      `INSERT INTO memberships SELECT * FROM memberships`,
      `SELECT * FROM find_invitation('x', now())`,
      `SELECT end_what_was_open('${clinic.id}', '${ana.id}', '${newId()}', now())`,
      `SELECT take_turns_with_people('${clinic.id}')`,
    ])
      await expect(on(statement), statement).rejects.toThrow(/permission denied/);
  });
});

test('V15.3.3 the role that serves guests makes an account by the link alone, and cannot say which role it has', async () => {
  const made = (columns: string, values: string) =>
    enterForSignIn(origin, new Date(), ({ tx }) =>
      tx.$executeRawUnsafe(`INSERT INTO ${columns} SELECT ${values} FROM users LIMIT 1`),
    );
  await expect(
    made('users (id, email, email_index, name, role)', `gen_random_uuid(), email, email_index, name, 'admin'`),
  ).rejects.toThrow(/permission denied/);
  await expect(made('memberships (business_id, user_id, role)', `id, id, 'business_owner'`)).rejects.toThrow(
    /permission denied/,
  );
});

test('what is done is in the trail of the business, by ids and names of fields, and never an address', async () => {
  const email = freshEmail();
  const { id, token } = await invited(email);
  await as(ana, resendInvitation, { id }, inMinutes(6));
  const fresh = await newestToken(email);
  expect(fresh).not.toBe(token);
  await as(ana, withdrawInvitation, { id });
  await as(ana, restoreInvitation, { id });
  await joinByInvitation(guest(), newcomer(fresh));
  const { userId } = await owner.membership.findFirstOrThrow({ where: { businessId: clinic.id, role: 'staff' } });
  await as(ana, changeMemberRole, { id: userId, role: 'business_owner' });
  await as(ana, removeMember, { id: userId });
  const entries = await owner.auditLog.findMany({ where: { businessId: clinic.id }, orderBy: { id: 'asc' } });
  expect(entries.map(({ action, resourceId, details }) => [action, resourceId, details])).toEqual([
    ['invitation.create', id, { role: 'staff' }],
    ['invitation.read', id, { reason: 'invitation' }],
    ['invitation.send', id, {}],
    ['invitation.read', id, { reason: 'invitation' }],
    ['invitation.withdraw', id, {}],
    ['invitation.restore', id, {}],
    ['membership.create', userId, { role: 'staff', ids: [id] }],
    ['membership.update', userId, { fields: ['role'], role: 'business_owner' }],
    ['membership.delete', userId, {}],
  ]);
  const all = await owner.$queryRaw<{ text: string }[]>`
    SELECT a::text AS text FROM audit_logs a UNION ALL SELECT j::text FROM jobs j UNION ALL SELECT i::text FROM invitations i`;
  for (const { text } of all) {
    expect(text).not.toContain(email);
    expect(text).not.toContain('Noor');
  }
});
