/** Asking people into a business, from outside: what a form may say, what it takes, and what a link gives away. */
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { newId } from '@/lib/platform/clock';
import { type Application, startApplication } from '@/tests/support/application';
import { testDatabase } from '@/tests/support/database';
import { makeBusiness, makeInvitation, makePerson, ownerClient } from '@/tests/support/rows';
import { sendAction } from '@/tests/support/send-action';

const { owner: ownerUrl } = await testDatabase();
const owner = ownerClient(ownerUrl);

let app: Application;
beforeAll(async () => {
  app = await startApplication();
});
afterAll(async () => {
  await app.stop();
  await owner.$disconnect();
});

let business: Awaited<ReturnType<typeof makeBusiness>>;
let ana: Awaited<ReturnType<typeof makePerson>>;
beforeEach(async () => {
  business = await makeBusiness(owner);
  ana = await makePerson(owner, { member: { businessId: business.id, role: 'business_owner' } });
});

type Form = Readonly<Record<string, string>>;
const send = async (name: string, form: Form, who: { sessionId: string } | null = ana) =>
  sendAction(app.url, name, form, await app.as(who?.sessionId ?? null));
const staff = () => makePerson(owner, { member: { businessId: business.id, role: 'staff' } });
/** Everything that says who belongs to the business, or may. */
const people = async () => ({
  members: await owner.membership.findMany({ where: { businessId: business.id }, orderBy: { userId: 'asc' } }),
  invitations: await owner.invitation.findMany({ where: { businessId: business.id } }),
});
const mailsSent = async () => (await readdir(path.join(app.workspace, '.data/outbox')).catch(() => [])).length;

test('V2.2.1 an address that two mail servers would read in two ways is refused, and nothing is sent', async () => {
  const before = await mailsSent();
  for (const email of [
    '"a@evil.example"@example.com',
    '"a b"@example.com',
    'somebody\uff20example.com',
    'somebody@example.com\uff0cother@example.com',
    'a@example.com,b@evil.example',
    'a@example.com;b@evil.example',
    'a@example.com b@evil.example',
    'a@example.com\r\nBcc: b@evil.example',
    'a@example.com\n',
    '\ra@example.com',
    'a@exa\u0000mple.com',
    'Ana <a@example.com>',
    'a(comment)@example.com',
    'a@@example.com',
    '@example.com',
    'a@',
    `${'a'.repeat(65)}@example.com`,
    '',
  ]) {
    const { ok, text } = await send('inviteMember', { email, role: 'staff' });
    expect([email, ok]).toEqual([email, false]);
    expect(text, email).toMatch(/not an e-mail address|Type your e-mail/);
  }
  expect((await people()).invitations).toEqual([]);
  expect(await owner.job.count({ where: { businessId: business.id } })).toBe(0);
  expect(await mailsSent()).toBe(before);
});

test('V2.2.1 V15.3.3 a form cannot give a role that there is not, or set what it does not ask for', async () => {
  const ben = await staff();
  const before = await people();
  for (const role of ['admin', 'user', 'owner', '', '__proto__'])
    expect((await send('inviteMember', { email: 'a@example.com', role })).ok).toBe(false);
  for (const role of ['admin', 'user', 'Staff'])
    expect((await send('changeMemberRole', { id: ben.id, role })).ok).toBe(false);
  expect(await people()).toEqual(before);

  const more = { businessId: newId(), invitedBy: ben.id, expiresAt: '2099-01-01', secretHash: 'a'.repeat(64) };
  expect((await send('inviteMember', { email: 'a@example.com', role: 'staff', ...more })).ok).toBe(true);
  const [invitation] = (await people()).invitations;
  expect(invitation).toMatchObject({ businessId: business.id, invitedBy: ana.id });
  expect(invitation?.expiresAt.getTime()).toBeLessThan(Date.now() + 8 * 86_400_000);
  expect(invitation?.secretHash).not.toBe(more.secretHash);
});

test('V7.5.1 whoever sits at an open browser changes nobody’s place without a fresh proof', async () => {
  const provedAt = new Date(Date.now() - 11 * 60_000);
  const stale = await makePerson(owner, {
    member: { businessId: business.id, role: 'business_owner' },
    at: provedAt,
    provedAt,
  });
  const ben = await staff();
  const before = await people();
  const tries: readonly (readonly [string, Form])[] = [
    ['inviteMember', { email: 'a@example.com', role: 'staff' }],
    ['changeMemberRole', { id: ben.id, role: 'business_owner' }],
    ['removeMember', { id: ben.id, takeOut: 'on' }],
    ['transferOwnership', { id: ben.id, handOver: 'on' }],
    ['leaveBusiness', { id: business.id, understood: 'on' }],
  ];
  for (const [name, form] of tries) expect([name, (await send(name, form, stale)).ok]).toEqual([name, false]);
  expect(await people()).toEqual(before);
});

test('V16.2.1 an entry says who did what to what, where they were, with which browser, and when', async () => {
  const since = new Date();
  const headers = { ...(await app.as(ana.sessionId)), 'user-agent': 'A browser/1.0' };
  expect((await sendAction(app.url, 'inviteMember', { email: 'a@example.com', role: 'staff' }, headers)).ok).toBe(true);
  const [invitation] = (await people()).invitations;
  const [entry, ...more] = await owner.auditLog.findMany({
    where: { businessId: business.id, action: 'invitation.create' },
  });
  expect([entry, more]).toMatchObject([
    {
      userId: ana.id,
      resourceType: 'invitation',
      resourceId: invitation?.id,
      ipAddress: '127.0.0.1',
      userAgent: 'A browser/1.0',
      details: { role: 'staff' },
    },
    [],
  ]);
  expect(entry?.timestamp.getTime()).toBeGreaterThanOrEqual(since.getTime());
  expect(entry?.timestamp.getTime()).toBeLessThanOrEqual(Date.now());
});

test('what cannot be taken back is ticked first', async () => {
  const ben = await staff();
  const before = await people();
  expect((await send('removeMember', { id: ben.id })).ok).toBe(false);
  expect((await send('transferOwnership', { id: ben.id, handOver: 'yes' })).ok).toBe(false);
  expect((await send('leaveBusiness', { id: business.id }, ben)).ok).toBe(false);
  expect(await people()).toEqual(before);
});

test('V6.3.8 an owner is told the same of an address with an account and of one without', async () => {
  const { email } = await makePerson(owner);
  const answer = async (to: string) => {
    const { status, text } = await send('inviteMember', { email: to, role: 'staff' });
    return { status, message: /"message":"([^"]*)"/.exec(text)?.[1] };
  };
  const known = await answer(email);
  expect(known).toEqual({ status: 200, message: 'Invited. The mail is on its way.' });
  expect(await answer(`${newId()}@example.com`)).toEqual(known);
});

test('V3.5.3 opening a link uses nothing up, however often and by whomever', async () => {
  const { id, email, token } = await makeInvitation(owner, business.id);
  const ben = await makePerson(owner, { email });
  const before = await people();
  for (const sessionId of [null, ben.sessionId, ana.sessionId]) {
    for (const method of ['GET', 'HEAD']) {
      const headers = await app.as(sessionId);
      const response = await fetch(`${app.url}/invitation?token=${token}`, { method, headers });
      expect(response.status).toBe(200);
      expect(response.headers.get('cache-control')).toContain('no-store');
      expect(response.headers.get('referrer-policy')).toMatch(/^(no-referrer|same-origin|strict-origin)/);
    }
  }
  expect(await people()).toEqual(before);
  expect((await send('acceptInvitation', { token }, ben)).ok).toBe(true);
  expect(await owner.invitation.findFirst({ where: { id } })).toMatchObject({ acceptedAt: expect.any(Date) });
});

test('V2.4.1 links cannot be tried out: fifty an hour from a network, whatever they are', async () => {
  const form = { name: 'Noor Haddad', password: 'a lamp above the weir', consent: 'on' };
  let refused = 0;
  for (let n = 0; n < 51; n += 1) {
    const { text } = await send('joinByInvitation', { ...form, token: `guess-${n}` }, null);
    expect(text).toMatch(/no longer works|too often/);
    if (text.includes('too often')) refused += 1;
  }
  expect(refused).toBeGreaterThanOrEqual(1);
});
