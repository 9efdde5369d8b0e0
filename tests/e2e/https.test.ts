/** As it is in production: HTTPS in front, ended by a proxy of ours. Cookies that only HTTPS can carry, in a real browser. */
import '@/tests/support/environment';
import { expect, test as playwright } from '@playwright/test';
import type { PrismaClient } from '@/lib/generated/prisma/client';
import { hashPassword } from '@/lib/platform/password';
import { type Application, startApplication } from '@/tests/support/application';
import { makeBusiness, makePerson, ownerClient } from '@/tests/support/rows';
import { makeDatabase, openTestServer } from '@/tests/support/test-server';
import { client, startTlsProxy, type TlsProxy } from '@/tests/support/tls-proxy';

const password = 'correct horse battery staple';

type House = { readonly app: Application; readonly owner: PrismaClient; readonly proxy: TlsProxy };

const test = playwright.extend<{ email: string }, { house: House }>({
  house: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads what is needed from the pattern
    async ({}, use) => {
      const { server, stop } = await openTestServer('https');
      const database = await makeDatabase(server);
      const owner = ownerClient(database.owner);
      const proxy = await startTlsProxy();
      const app = await startApplication({ APP_URL: proxy.https, TRUSTED_PROXY_HOPS: '1' });
      proxy.leadTo(app.url);
      await use({ app, owner, proxy });
      await app.stop();
      await proxy.stop();
      await owner.$disconnect();
      await stop();
    },
    { scope: 'worker', timeout: 60_000 },
  ],
  ignoreHTTPSErrors: true,
  baseURL: async ({ house }, use) => use(house.proxy.https),
  email: async ({ house: { owner } }, use) => {
    const { id } = await makeBusiness(owner, { name: 'Harbour Dental' });
    const member = { businessId: id, role: 'business_owner' as const };
    await use((await makePerson(owner, { member, passwordHash: await hashPassword(password) })).email);
  },
});

/** A `Set-Cookie` line that only this host can have set, over HTTPS, for every path, out of reach of scripts. */
const bound = (line: string) => {
  const [pair = '', ...attributes] = line.split(/;\s*/);
  const lower = attributes.map((attribute) => attribute.toLowerCase());
  return {
    name: pair.slice(0, pair.indexOf('=')),
    isBound: ['secure', 'httponly', 'path=/', 'samesite=lax'].every((attribute) => lower.includes(attribute)),
    hasDomain: lower.some((attribute) => attribute.startsWith('domain')),
  };
};

test('V3.3.1 V3.3.2 V3.3.4 every cookie of the sign-in form is bound to the host, to HTTPS and to us, and goes with the session', async ({
  page,
  context,
  email,
}) => {
  const lines: string[] = [];
  page.on('response', async (response) => {
    for (const { name, value } of await response.headersArray())
      if (name.toLowerCase() === 'set-cookie') lines.push(value);
  });
  await page.goto('/sign-in');
  await page.getByLabel('E-mail').fill(email);
  await page.getByLabel('Password').fill(password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(page).toHaveURL('/dashboard');
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();

  const cookies = await context.cookies();
  expect(cookies.map(({ name }) => name).toSorted()).toEqual([
    '__Host-aftercallpro.device',
    '__Host-aftercallpro.session',
  ]);
  for (const cookie of cookies) {
    expect(cookie).toMatchObject({ secure: true, httpOnly: true, sameSite: 'Lax', path: '/', domain: 'localhost' });
  }
  expect(lines.length).toBeGreaterThan(1);
  for (const line of lines)
    expect(bound(line)).toEqual({ name: expect.stringMatching(/^__Host-/), isBound: true, hasDomain: false });
  expect(await page.evaluate(() => document.cookie)).toBe('');

  await page.getByRole('button', { name: 'Sign out' }).click();
  await expect(page).toHaveURL('/sign-in');
  // A browser keeps a `__Host-` cookie unless it is taken back with the same attributes.
  expect((await context.cookies()).map(({ name }) => name)).toEqual(['__Host-aftercallpro.device']);
});

test('V3.3.1 V3.3.2 V3.3.4 next-auth’s own way in sets the same session cookie, and cookies no less bound beside it', async ({
  page,
  context,
  email,
}) => {
  await page.goto('/');
  const csrf = await context.request.get('/api/auth/csrf');
  const { csrfToken } = await csrf.json();
  const answer = await context.request.post('/api/auth/callback/credentials', {
    headers: { origin: new URL(page.url()).origin },
    form: { csrfToken, email, password, json: 'true', callbackUrl: '/dashboard' },
    maxRedirects: 0,
  });
  expect(answer.status()).toBe(200);
  expect(await answer.json()).toEqual({ url: `${new URL(page.url()).origin}/dashboard` });
  const lines = [...csrf.headersArray(), ...answer.headersArray()].filter(
    ({ name }) => name.toLowerCase() === 'set-cookie',
  );
  expect(new Set(lines.map(({ value }) => bound(value).name))).toEqual(
    new Set(['__Host-aftercallpro.csrf', '__Host-aftercallpro.callback', '__Host-aftercallpro.session']),
  );
  for (const { value } of lines) expect(bound(value)).toMatchObject({ isBound: true, hasDomain: false });
  await page.goto('/dashboard');
  await expect(page).toHaveURL('/dashboard');
});

test('V3.3.1 a session cookie without the prefix, which a neighbour could have set, opens nothing', async ({
  context,
  house,
  page,
}) => {
  const { owner } = house;
  const person = await makePerson(owner);
  const [, value = ''] = ((await house.app.as(person.sessionId)).cookie ?? '').split('=');
  const { hostname } = new URL(house.proxy.https);
  await context.addCookies([{ name: 'aftercallpro.session', value, domain: hostname, path: '/' }]);
  await page.goto('/account');
  await expect(page).toHaveURL(/\/sign-in/);
});

test('V3.4.1 whoever comes over plain HTTP is sent to HTTPS, where the browser stays from then on', async ({
  context,
  house,
}) => {
  for (const path of ['/', '/sign-in?next=%2Fdashboard', '/dashboard', '//evil.example/x']) {
    const answer = await context.request.get(house.proxy.http + path, { maxRedirects: 0 });
    expect(answer.status()).toBe(308);
    expect(new URL(answer.headers().location ?? '', house.proxy.http).host).not.toContain('evil');
    if (!path.startsWith('//')) expect(answer.headers().location).toBe(house.proxy.https + path);
    expect(answer.headers()['strict-transport-security']).toBe('max-age=63072000; includeSubDomains; preload');
  }
  // Whoever watches over us asks without a name and without TLS.
  expect((await context.request.get(`${house.proxy.http}/api/health`)).status()).toBe(200);
});

test('V16.2.1 the trail holds the address that the proxy saw, also for the page that a form leads to', async ({
  page,
  email,
  house,
}) => {
  await page.goto('/sign-in');
  await page.getByLabel('E-mail').fill(email);
  await page.getByLabel('Password').fill(password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  const entries = await house.owner.auditLog.findMany();
  expect(entries.length).toBeGreaterThan(1);
  expect(new Set(entries.map(({ ipAddress }) => ipAddress))).toEqual(new Set([client]));
});
