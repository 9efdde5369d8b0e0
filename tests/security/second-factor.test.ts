/** The second factor from outside: every way of signing in asks for it, and whoever must have one does nothing without. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { newId } from '@/lib/platform/clock';
import { hashPassword } from '@/lib/platform/password';
import { pendingCookieName, sessionCookieName } from '@/lib/rules/session';
import { type Application, startApplication } from '@/tests/support/application';
import { codeAt } from '@/tests/support/authenticator';
import { solvedCaptcha } from '@/tests/support/captcha';
import { testDatabase } from '@/tests/support/database';
import { actionsOf, routesOf } from '@/tests/support/routes';
import { makeBusiness, makePerson, ownerClient } from '@/tests/support/rows';
import { type Sent, sendAction } from '@/tests/support/send-action';

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
beforeEach(async () => {
  await owner.rateLimit.deleteMany();
  await owner.networkFailure.deleteMany();
});

const cookieOf = (sent: Sent, name: string) => {
  const value = sent.cookies[name];
  return value ? { cookie: `${name}=${value}` } : undefined;
};
const session = (sent: Sent) => cookieOf(sent, sessionCookieName(app.url));
const pending = (sent: Sent) => cookieOf(sent, pendingCookieName(app.url));
const page = (path: string, headers: Record<string, string> = {}) =>
  fetch(app.url + path, { headers, redirect: 'manual' });
const placeOf = (response: Response) => new URL(response.headers.get('location') ?? '', app.url).pathname;

describe('signing in to an account with a second factor', () => {
  let person: Awaited<ReturnType<typeof makePerson>>;
  beforeEach(async () => {
    person = await makePerson(owner, { passwordHash, secondFactor: 'on' });
  });
  const knock = async () =>
    sendAction(app.url, 'signIn', { email: person.email, password, next: '', captcha: await solvedCaptcha() });

  test('V2.3.1 V6.3.3 the right password brings no session cookie, and what it brings opens nothing', async () => {
    const knocked = await knock();
    expect(knocked.leadsTo).toBe('/two-factor');
    expect(session(knocked)).toBeUndefined();
    const { cookie } = pending(knocked) ?? { cookie: '' };
    const asSession = cookie.replace(pendingCookieName(app.url), sessionCookieName(app.url));
    for (const headers of [{ cookie }, { cookie: asSession }, { cookie: `${cookie}; ${asSession}` }]) {
      expect(placeOf(await page('/account', headers))).toBe('/sign-in');
      expect((await sendAction(app.url, 'revokeOtherSessions', {}, headers)).ok).toBe(false);
    }
    expect((await page('/two-factor', { cookie })).status).toBe(200);
    expect(placeOf(await page('/two-factor'))).toBe('/sign-in');
  });

  test('V7.2.4 the code brings a session, and what waited is used up', async () => {
    const waiting = pending(await knock());
    const code = { code: codeAt(person.secret, new Date()), next: '' };
    const passed = await sendAction(app.url, 'passSecondFactor', code, waiting);
    expect((await page('/account', session(passed))).status).toBe(200);
    expect(passed.cookies[pendingCookieName(app.url)]).toBe('');
    const again = await sendAction(
      app.url,
      'passSecondFactor',
      { code: codeAt(person.secret, new Date(Date.now() + 30_000)) },
      waiting,
    );
    expect(again.ok).toBe(false);
    expect(session(again)).toBeUndefined();
  });

  test('V6.3.3 V2.3.1 next-auth’s own address brings no session for the password alone', async () => {
    const csrf = await page('/api/auth/csrf');
    const { csrfToken } = (await csrf.json()) as { csrfToken: string };
    const cookie = csrf.headers
      .getSetCookie()
      .map((line) => line.split(';')[0])
      .join('; ');
    const knockThere = async (email: string, more: Record<string, string> = {}) =>
      fetch(`${app.url}/api/auth/callback/credentials`, {
        method: 'POST',
        redirect: 'manual',
        headers: { origin: app.url, cookie },
        body: new URLSearchParams({ csrfToken, email, password, json: 'true', ...more }),
      });
    const without = await makePerson(owner, { passwordHash });
    const sessionSet = (response: Response) =>
      response.headers.getSetCookie().some((line) => line.startsWith(`${sessionCookieName(app.url)}=ey`));
    expect(sessionSet(await knockThere(without.email))).toBe(true);
    const refused = await knockThere(person.email, { code: codeAt(person.secret, new Date()) });
    expect([refused.status, sessionSet(refused)]).toEqual([401, false]);
    expect(await owner.session.count({ where: { userId: person.id } })).toBe(1);
  });

  test('V6.3.1 ten wrong codes in ten sign-ins close the account', async () => {
    for (let tries = 0; tries < 10; tries += 1) {
      await owner.rateLimit.deleteMany();
      const sent = await sendAction(app.url, 'passSecondFactor', { code: '000000' }, pending(await knock()));
      expect(session(sent)).toBeUndefined();
    }
    await owner.rateLimit.deleteMany();
    expect((await knock()).ok).toBe(false);
    const { accountLockedUntil } = await owner.user.findUniqueOrThrow({ where: { id: person.id } });
    expect(accountLockedUntil?.getTime()).toBeGreaterThan(Date.now());
  });
});

/** What is left to do for who must have a second factor and has none. */
const allowed = new Set(['beginSecondFactor', 'confirmSecondFactor', 'confirmIdentity', 'signOut']);
const allowedPages = new Set(['/account/two-factor', '/confirm-identity']);
/** Pages that ask for nobody in particular. */
const open = new Set([
  '/',
  '/sign-in',
  '/two-factor',
  '/forgot-password',
  '/reset-password',
  '/unlock',
  '/too-many-requests',
]);

describe.each(['an admin', 'staff of a business that asks for it'] as const)('%s without a second factor', (who) => {
  const make = async () => {
    const { id: businessId } = await makeBusiness(owner);
    await owner.business.update({ where: { id: businessId }, data: { twoFactorRequired: true } });
    return who === 'an admin'
      ? makePerson(owner, { role: 'admin', passwordHash, secondFactor: 'off' })
      : makePerson(owner, { member: { businessId, role: 'staff' }, passwordHash });
  };

  test('V6.3.3 V2.3.1 V8.3.1 is led to set one up from every page of theirs', async () => {
    const headers = await app.as((await make()).sessionId);
    const { pages } = routesOf();
    const asked = pages.filter(
      (path) => !open.has(path) && !allowedPages.has(path) && /^\/(account|admin|dashboard)/.test(path),
    );
    expect(asked.length).toBeGreaterThan(8);
    for (const path of asked) {
      const response = await page(path.replace('[id]', newId()), headers);
      expect([path, placeOf(response)]).toEqual([path, '/account/two-factor']);
    }
    for (const path of allowedPages) expect((await page(path, headers)).status, path).toBe(200);
  });

  test('V2.3.1 V8.3.1 can do nothing else, and take no file', async () => {
    const person = await make();
    const headers = await app.as(person.sessionId);
    const before = await owner.auditLog.count({ where: { userId: person.id, action: { not: 'access.deny' } } });
    for (const { name, page: path } of actionsOf()) {
      if (allowed.has(name) || !/^\/(account|admin|dashboard)/.test(path)) continue;
      const sent = await sendAction(app.url, name, { id: newId() }, headers);
      expect([name, sent.ok]).toEqual([name, false]);
    }
    for (const path of ['/api/audit?format=csv', '/api/platform-audit?format=csv', `/api/recordings/${newId()}`]) {
      expect((await page(path, headers)).status).toBe(403);
    }
    expect(await owner.auditLog.count({ where: { userId: person.id, action: { not: 'access.deny' } } })).toBe(before);
  });

  test('is let in by the code that turns it on', async () => {
    const person = await make();
    const headers = await app.as(person.sessionId);
    const signedIn = await sendAction(app.url, 'signIn', { email: person.email, password, next: '' });
    expect(session(signedIn)).toBeDefined();
    expect((await sendAction(app.url, 'beginSecondFactor', {}, headers)).ok).toBe(true);
    const html = await (await page('/account/two-factor', headers)).text();
    const [, key = ''] = /value="((?:[A-Z2-7]{4} ?){8})"/.exec(html) ?? [];
    const code = codeAt(key.replaceAll(' ', ''), new Date());
    const on = await sendAction(app.url, 'confirmSecondFactor', { code }, headers);
    expect(on.ok).toBe(true);
    expect((await page(who === 'an admin' ? '/admin' : '/dashboard', headers)).status).toBe(200);
    expect((await sendAction(app.url, 'removeSecondFactor', {}, headers)).ok).toBe(false);
  });
});

describe('a business that asks for it', () => {
  const make = async (secondFactor: 'on' | 'off') => {
    const { id: businessId } = await makeBusiness(owner);
    const boss = await makePerson(owner, { member: { businessId, role: 'business_owner' }, secondFactor });
    const staff = await makePerson(owner, { member: { businessId, role: 'staff' } });
    return { businessId, boss: await app.as(boss.sessionId), staff: await app.as(staff.sessionId) };
  };
  const ask = (headers: Record<string, string>, required: boolean) =>
    sendAction(app.url, 'requireSecondFactor', required ? { required: 'on' } : {}, headers);

  test('V6.3.3 V8.3.2 has its answer at the next request of everybody who has none, and takes it back as fast', async () => {
    const { boss, staff } = await make('on');
    expect((await page('/dashboard', staff)).status).toBe(200);
    expect((await ask(boss, true)).ok).toBe(true);
    expect(placeOf(await page('/dashboard', staff))).toBe('/account/two-factor');
    expect((await page('/dashboard', boss)).status).toBe(200);
    expect((await ask(boss, false)).ok).toBe(true);
    expect((await page('/dashboard', staff)).status).toBe(200);
  });

  test('is not asked by who has none: they would close the door on themselves', async () => {
    const { boss, businessId } = await make('off');
    expect((await ask(boss, true)).ok).toBe(false);
    const row = await owner.business.findUniqueOrThrow({ where: { id: businessId } });
    expect(row.twoFactorRequired).toBe(false);
  });

  test('asks nobody of another business', async () => {
    const ours = await make('on');
    const theirs = await make('on');
    await ask(ours.boss, true);
    expect((await page('/dashboard', theirs.staff)).status).toBe(200);
  });
});
