/** What an open browser alone must not give away: it takes a proof that is at most ten minutes old. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { newId } from '@/lib/platform/clock';
import { hashPassword } from '@/lib/platform/password';
import { sessionCookieName } from '@/lib/rules/session';
import { type Application, startApplication } from '@/tests/support/application';
import { testDatabase } from '@/tests/support/database';
import { actionsOf } from '@/tests/support/routes';
import { makeBusiness, makePerson, ownerClient } from '@/tests/support/rows';
import { sendAction } from '@/tests/support/send-action';

const { owner: ownerUrl } = await testDatabase();
const owner = ownerClient(ownerUrl);
const password = 'nine grey herons';
const passwordHash = await hashPassword(password);

let app: Application;
beforeAll(async () => {
  app = await startApplication();
});
afterAll(async () => {
  await app.stop();
  await owner.$disconnect();
});

const { id: businessId } = await makeBusiness(owner);
const minutesAgo = (minutes: number) => new Date(Date.now() - minutes * 60_000);
let person: Awaited<ReturnType<typeof makePerson>>;
let otherSessionId: string;
beforeEach(async () => {
  const member = { businessId, role: 'business_owner' as const };
  person = await makePerson(owner, { passwordHash, member, at: minutesAgo(20), provedAt: minutesAgo(11) });
  otherSessionId = newId();
  const at = minutesAgo(20);
  await owner.session.create({
    data: {
      id: otherSessionId,
      userId: person.id,
      createdAt: at,
      lastSeenAt: at,
      idleSeconds: 3600,
      expiresAt: new Date(at.getTime() + 43_200_000),
    },
  });
});

const send = async (name: string, form: Record<string, string>, sessionId = person.sessionId) =>
  sendAction(app.url, name, form, await app.as(sessionId));
const opens = async (headers: Record<string, string>) =>
  (await fetch(`${app.url}/account`, { headers, redirect: 'manual' })).status === 200;

const guarded: Readonly<Record<string, () => Record<string, string>>> = {
  changePassword: () => ({ current: password, password: 'a lamp above the weir' }),
  revokeSession: () => ({ id: otherSessionId }),
  revokeOtherSessions: () => ({}),
  askForEmailChange: () => ({ email: 'another-one@example.com' }),
};

describe.each(Object.entries(guarded))('%s', (name, form) => {
  test('V7.5.1 is refused eleven minutes after the last proof, with the way to a new one, and nothing changes', async () => {
    const sent = await send(name, form());
    expect(sent.ok).toBe(false);
    expect(sent.text).toContain('"confirm":"/');
    const { passwordHash: kept } = await owner.credential.findUniqueOrThrow({ where: { userId: person.id } });
    expect(kept).toBe(passwordHash);
    expect(await owner.session.count({ where: { id: otherSessionId, revokedAt: null } })).toBe(1);
    const denials = await owner.auditLog.findMany({ where: { userId: person.id, action: 'access.deny' } });
    expect(denials.map(({ details }) => details)).toEqual([expect.objectContaining({ reason: 'not recent' })]);
  });

  test('V7.5.1 is refused to a session that never proved itself', async () => {
    await owner.session.update({ where: { id: person.sessionId }, data: { reauthenticatedAt: null } });
    expect((await send(name, form())).ok).toBe(false);
  });

  test('goes through for the session that confirming leads to', async () => {
    const { cookies } = await send('confirmIdentity', { password });
    const cookie = `${sessionCookieName(app.url)}=${cookies[sessionCookieName(app.url)]}`;
    expect((await sendAction(app.url, name, form(), { cookie })).ok).toBe(true);
  });
});

/** What a stale session may not do: whatever gives or takes a way in, a role, or a file of what others did. */
const takesAProof = [
  'askForEmailChange',
  'beginSecondFactor',
  'breakGlass',
  'changeAccountRole',
  'changeMemberRole',
  'changePassword',
  'choosePeriods',
  'confirmSecondFactor',
  'dropHeldJobs',
  'inviteMember',
  'leaveBusiness',
  'letHeldJobsGo',
  'liftHold',
  'placeHold',
  'reinstateAccount',
  'reinstateBusiness',
  'removeMember',
  'removeSecondFactor',
  'replaceRecoveryCodes',
  'requireSecondFactor',
  'revokeOtherSessions',
  'revokeSession',
  'suspendAccount',
  'suspendBusiness',
  'transferOwnership',
];

test('V7.5.1 these actions and no others ask for a new proof, before they look at the form', async () => {
  const admin = await makePerson(owner, { role: 'admin', at: minutesAgo(20), provedAt: minutesAgo(11) });
  const asked = new Set<string>();
  for (const { sessionId } of [person, admin]) {
    for (const { name } of actionsOf().filter((action) => action.name !== 'signOut')) {
      const { text } = await send(name, {}, sessionId);
      if (text.includes('"confirm":"/')) asked.add(name);
    }
  }
  expect([...asked].toSorted()).toEqual(takesAProof);
});

test.each(['/api/audit?format=csv', '/api/platform-audit?format=csv'])(
  'V7.5.1 %s leads to the confirmation and back to the page it was asked on',
  async (path) => {
    if (path.startsWith('/api/platform'))
      person = await makePerson(owner, { role: 'admin', at: minutesAgo(20), provedAt: minutesAgo(11) });
    const ask = async (referer: string) =>
      fetch(app.url + path, { headers: { ...(await app.as(person.sessionId)), referer }, redirect: 'manual' });
    const response = await ask(`${app.url}/dashboard/compliance?type=call`);
    expect([response.status, response.headers.get('location')]).toEqual([
      303,
      `${app.url}/confirm-identity?next=${encodeURIComponent('/dashboard/compliance?type=call')}`,
    ]);
    const elsewhere = await ask('https://evil.example/dashboard');
    expect(elsewhere.headers.get('location')).toBe(`${app.url}/confirm-identity`);
  },
);

describe('confirming', () => {
  test('V7.2.4 goes on in a new session: the id before it opens nothing any more', async () => {
    const before = await app.as(person.sessionId);
    const sent = await send('confirmIdentity', { password, next: '/dashboard/compliance' });
    expect(sent).toMatchObject({ ok: true, leadsTo: '/dashboard/compliance' });
    const cookie = `${sessionCookieName(app.url)}=${sent.cookies[sessionCookieName(app.url)]}`;
    expect(await opens({ cookie })).toBe(true);
    expect(await opens(before)).toBe(false);
  });

  test('V7.3.2 gives the session no longer life than it had', async () => {
    const { expiresAt } = await owner.session.findUniqueOrThrow({ where: { id: person.sessionId } });
    await send('confirmIdentity', { password });
    const renewed = await owner.session.findFirstOrThrow({
      where: { userId: person.id, revokedAt: null, id: { not: otherSessionId } },
    });
    expect(renewed).toMatchObject({ expiresAt, businessId });
  });

  test.each(['https://evil.example/', '//evil.example', '/\\evil.example', '/admin'])(
    'leads to a page of ours that is open to them, also when asked for %s',
    async (next) => {
      expect((await send('confirmIdentity', { password, next })).leadsTo).toBe('/dashboard');
    },
  );

  test('V6.3.1 with wrong passwords closes sign-in after five, and proves nothing', async () => {
    for (let tries = 0; tries < 5; tries += 1) {
      expect((await send('confirmIdentity', { password: 'wrong' })).ok).toBe(false);
    }
    expect((await send('confirmIdentity', { password })).ok).toBe(false);
    const { accountLockedUntil } = await owner.user.findUniqueOrThrow({ where: { id: person.id } });
    expect(accountLockedUntil?.getTime()).toBeGreaterThan(Date.now());
    expect(await opens(await app.as(person.sessionId))).toBe(true);
  });
});
