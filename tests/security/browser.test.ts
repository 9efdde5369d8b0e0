/** What a browser is told with every answer, and what it may not be made to do. Against the production build. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { newId } from '@/lib/platform/clock';
import { type Application, startApplication } from '@/tests/support/application';
import { testDatabase } from '@/tests/support/database';
import { type Answer, ask, multipart, say, toAction } from '@/tests/support/raw-request';
import { actionsOf, routesOf } from '@/tests/support/routes';
import { makeBusiness, makeCall, makePerson, ownerClient } from '@/tests/support/rows';
import { callFields, formOf, signedHeaders } from '@/tests/support/twilio-request';

const { owner: ownerUrl } = await testDatabase();
const owner = ownerClient(ownerUrl);
const partner = 'https://status.example.com';

let app: Application;
let business: Awaited<ReturnType<typeof makeBusiness>>;
let callId: string;
let boss: Awaited<ReturnType<typeof makePerson>>;
let staff: Awaited<ReturnType<typeof makePerson>>;
beforeAll(async () => {
  business = await makeBusiness(owner);
  callId = (await makeCall(owner, business.id)).id;
  boss = await makePerson(owner, { member: { businessId: business.id, role: 'business_owner' } });
  staff = await makePerson(owner, { member: { businessId: business.id, role: 'staff' } });
  app = await startApplication({ ALLOWED_ORIGINS: `${partner}, https://other.example.com` });
});
afterAll(async () => {
  await app.stop();
  await owner.$disconnect();
});

const concrete = (route: string) =>
  route.replace('[id]', callId).replace('[job]', 'sweep').replace('[...nextauth]', 'csrf');
const staticFile = async () => /\/_next\/static\/[^"]+\.(?:css|js)/.exec((await ask(`${app.url}/`)).text)?.[0] ?? '';

/** One answer of every kind there is. */
async function everyAnswer(): Promise<Map<string, Answer>> {
  const answers = new Map<string, Answer>();
  const add = async (name: string, path: string, question: Parameters<typeof ask>[1] = {}) =>
    answers.set(name, await ask(app.url + path, question));
  const own = await app.as(boss.sessionId);
  const { pages, handlers } = routesOf();
  for (const page of pages) {
    await add(`page ${page}, signed in`, concrete(page), { headers: own });
    await add(`page ${page}, signed out`, concrete(page));
  }
  for (const handler of handlers) {
    for (const method of ['GET', 'POST', 'OPTIONS', 'HEAD', 'PUT']) {
      await add(`${method} ${handler}`, concrete(handler), { method, headers: method === 'GET' ? own : {} });
    }
  }
  await add('the payload of a page', '/dashboard?_rsc=x', { headers: { ...own, rsc: '1' } });
  await add('a page that is not theirs', '/dashboard/hours', { headers: await app.as(staff.sessionId) });
  await add('a page that is not there', '/nothing/here');
  await add('a handler that is not there', '/api/nothing');
  await add('a static file', await staticFile());
  await add('a static file that is not there', '/_next/static/nothing.js');
  await add('a public file', '/fallback.xml');
  await add('a file', '/api/audit?format=csv', { headers: own });
  await add('two slashes', '//evil.example/x');
  await add('a slash at the end', '/pricing/');
  await add('a broken escape', '/%E0%A4%A');
  await add('a broken escape in a file', '/_next/static/%E0%A4%A');
  await add('a form of another site', '/sign-in', {
    method: 'POST',
    headers: { origin: 'https://evil.example' },
    body: 'x',
  });
  await add('a body that is too large', '/sign-in', {
    method: 'POST',
    headers: { origin: app.url },
    body: Buffer.alloc(2 * 1024 * 1024),
  });
  await add('a form that is none', '/sign-in', {
    method: 'POST',
    headers: { origin: app.url, 'content-type': 'multipart/form-data; boundary=x' },
    body: 'nothing of the kind',
  });
  await add('an unknown method', '/', { method: 'PROPFIND' });
  const fields = callFields(`CA${'0'.repeat(32)}`, business.number);
  const path = '/api/twilio/voice';
  const body = formOf(fields);
  await add('a call', path, { method: 'POST', headers: signedHeaders(app.url + path, fields), body });
  await add('a redirect of next-auth', '/api/auth/callback/credentials', {
    method: 'POST',
    headers: { origin: app.url, 'content-type': 'application/x-www-form-urlencoded' },
    body: 'email=x&password=y',
  });
  return answers;
}

/** What each answer must say, and how often: exactly once. */
const headers: Readonly<Record<string, string | RegExp>> = {
  'strict-transport-security': 'max-age=63072000; includeSubDomains; preload',
  'x-frame-options': 'DENY',
  'x-content-type-options': 'nosniff',
  'x-xss-protection': '0',
  'referrer-policy': 'strict-origin-when-cross-origin',
  'permissions-policy': /camera=\(\), microphone=\(\), geolocation=\(\)/,
  'cross-origin-opener-policy': 'same-origin',
  'content-security-policy': /frame-ancestors 'none'/,
};

describe('every answer', () => {
  let answers: Map<string, Answer>;
  beforeAll(async () => {
    answers = await everyAnswer();
  });

  test('is among those that were looked at: every status that we give', () => {
    expect(answers.size).toBeGreaterThan(60);
    const statuses = new Set([...answers.values()].map(({ status }) => status));
    for (const status of [200, 204, 307, 308, 400, 401, 403, 404, 405, 413, 429])
      expect([...statuses]).toContain(status);
  });

  test.each(Object.keys(headers))('V3.4.1 V3.4.4 V3.4.6 carries %s once, whatever it is an answer to', (name) => {
    const wrong = [...answers]
      .filter(([, answer]) => {
        const wanted = headers[name] ?? '';
        const said = String(answer.headers[name] ?? '');
        const isRight = typeof wanted === 'string' ? said === wanted : wanted.test(said);
        return !isRight || answer.names.filter((other) => other === name).length !== 1;
      })
      .map(([what, answer]) => `${what}: ${answer.status} ${answer.headers[name]}`);
    expect(wrong).toEqual([]);
  });

  test('V3.4.3 lets no object and no base in, and no script without the nonce of that answer', () => {
    const nonces = new Set<string>();
    for (const [what, { headers, text }] of answers) {
      const policy = String(headers['content-security-policy']);
      expect(policy, what).toContain("object-src 'none'");
      expect(policy, what).toContain("base-uri 'none'");
      expect(policy, what).not.toContain('unsafe-');
      expect(policy, what).not.toMatch(/[\s;](?:\*|https?:|data:\s*;.*script)/);
      const isPage = String(headers['content-type']).startsWith('text/html') && what.startsWith('page');
      if (!isPage) continue;
      const [, nonce = ''] = /script-src 'self' 'nonce-([A-Za-z0-9+/=]{22,})' 'strict-dynamic'/.exec(policy) ?? [];
      expect(nonce, what).not.toBe('');
      expect(nonces.has(nonce), what).toBe(false);
      nonces.add(nonce);
      const scripts = [...text.matchAll(/<script\b[^>]*>/g)].map(([tag]) => tag);
      for (const tag of scripts) expect(tag, what).toContain(`nonce="${nonce}"`);
      expect(text, what).not.toMatch(/\son[a-z]+="/);
    }
    expect(nonces.size).toBeGreaterThan(10);
  });

  test('does not say what it was made with', () => {
    for (const [what, { headers }] of answers) {
      expect([what, headers['x-powered-by'], headers.server]).toEqual([what, undefined, undefined]);
    }
  });

  test('V3.4.1 V3.4.4 V3.4.6 comes with them also to what Node itself refuses to read', async () => {
    const host = new URL(app.url).host;
    for (const bytes of [
      'nonsense\r\n\r\n',
      `GET / HTTP/1.1\r\nHost: ${host}\r\nX: ${'a'.repeat(70_000)}\r\n\r\n`,
      `GET / HTTP/1.1\r\nHost: ${host}\r\nContent-Length: x\r\n\r\n`,
      `POST / HTTP/1.1\r\nHost: ${host}\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
      `GET / HTTP/1.1\r\nHost: ${host}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: x\r\n\r\n`,
      'GET http://evil.example/ HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n',
    ]) {
      const answer = await say(app.url, bytes);
      expect(answer, bytes.slice(0, 40)).toMatch(/^HTTP\/1\.1 4\d\d /);
      for (const name of Object.keys(headers)) expect(answer.toLowerCase(), bytes.slice(0, 40)).toContain(`${name}: `);
    }
  });
});

describe('pages of other sites', () => {
  const from = (origin: string, path = '/api/health', more = {}) =>
    ask(app.url + path, { headers: { origin, ...more } });
  const allowOrigin = 'access-control-allow-origin';

  test('V3.4.2 read what everybody may know where ALLOWED_ORIGINS names them, and never with a cookie', async () => {
    for (const origin of [partner, 'https://other.example.com']) {
      const { status, headers } = await from(origin);
      expect([status, headers[allowOrigin]]).toEqual([200, origin]);
      expect(headers.vary).toMatch(/\borigin\b/i);
      expect(headers['access-control-allow-credentials']).toBeUndefined();
    }
    const { status, headers } = await ask(`${app.url}/api/health`, {
      method: 'OPTIONS',
      headers: { origin: partner, 'access-control-request-method': 'GET' },
    });
    expect([status, headers[allowOrigin]]).toEqual([204, partner]);
    expect(headers['access-control-allow-methods']).toBe('GET, HEAD');
    expect(headers['access-control-allow-headers']).toBeUndefined();
  });

  test('V3.4.2 read nothing where it does not, however much their address looks like one that it names', async () => {
    for (const origin of [
      'https://evil.example',
      `${partner}.evil.example`,
      `${partner}:8443`,
      'https://evilstatus.example.com',
      partner.replace('https', 'http'),
      partner.toUpperCase(),
      `${partner}/`,
      'null',
      app.url,
    ]) {
      const { headers } = await from(origin);
      expect([origin, headers[allowOrigin]]).toEqual([origin, undefined]);
      expect(headers.vary).toMatch(/\borigin\b/i);
    }
  });

  test('V3.4.2 read nothing else, whoever they are and whatever they ask first', async () => {
    const own = await app.as(boss.sessionId);
    const { pages, handlers } = routesOf();
    for (const route of [...pages, ...handlers.filter((handler) => handler !== '/api/health')]) {
      for (const method of ['GET', 'OPTIONS']) {
        const { headers } = await ask(app.url + concrete(route), {
          method,
          headers: { ...own, origin: partner, 'access-control-request-method': 'GET' },
        });
        const cors = Object.keys(headers).filter((name) => name.startsWith('access-control-'));
        expect([route, method, ...cors]).toEqual([route, method]);
      }
    }
  });

  const elsewhere: readonly (readonly [string, Record<string, string>])[] = [
    ['another site', { origin: 'https://evil.example' }],
    ['nowhere that it says', { origin: 'null' }],
    ['nobody', {}],
    ['an address that begins like ours', { origin: 'http://127.0.0.1.evil.example' }],
    ['Origin and Host forged together', { origin: 'http://evil.example', host: 'evil.example' }],
    [
      'Origin and X-Forwarded-Host forged together',
      { origin: 'http://evil.example', 'x-forwarded-host': 'evil.example' },
    ],
    ['what is no origin', { origin: 'http://[' }],
  ];

  test.each(elsewhere)('V3.5.1 send no form: 403 for every action, from %s', async (_, headers) => {
    const before = await fingerprint();
    const own = await app.as(boss.sessionId);
    for (const { id, name, page } of actionsOf()) {
      const { headers: type, body } = await toAction({
        greeting: 'Changed.',
        id: callId,
        zone: 'UTC',
        number: '+12125550111',
      });
      const question = { method: 'POST', body, headers: { ...own, ...type, ...headers, 'next-action': id } };
      const { status } = await ask(app.url + concrete(page), question);
      expect([name, status]).toEqual([name, 403]);
      const plain = await multipart([
        [`$ACTION_ID_${id}`, ''],
        ['greeting', 'Changed.'],
      ]);
      const without = await ask(app.url + concrete(page), {
        ...question,
        ...plain,
        headers: { ...own, ...plain.headers, ...headers },
      });
      expect([name, 'without JavaScript', without.status]).toEqual([name, 'without JavaScript', 403]);
    }
    for (const path of ['/api/auth/callback/credentials', '/api/another-site']) {
      const type = { 'content-type': 'application/x-www-form-urlencoded' };
      const { status } = await ask(app.url + path, {
        method: 'POST',
        headers: { ...own, ...type, ...headers },
        body: 'email=x',
      });
      expect([path, status]).toEqual([path, 403]);
    }
    expect(await fingerprint()).toBe(before);
  });

  test('V3.5.1 V16.3.2 leave a line in the trail of whoever’s browser they used', async () => {
    const victim = await makePerson(owner, { member: { businessId: business.id, role: 'staff' } });
    const headers = { ...(await app.as(victim.sessionId)), origin: 'https://evil.example' };
    expect((await ask(`${app.url}/dashboard`, { method: 'POST', headers, body: 'x' })).status).toBe(403);
    expect(await owner.auditLog.findMany({ where: { userId: victim.id } })).toMatchObject([
      { action: 'access.deny', details: { reason: 'another site' } },
    ]);
  });
});

/** Everything that is stored but for what reading itself writes: sessions that are touched, the trail, and counts. */
async function fingerprint(): Promise<string> {
  const tables = await owner.$queryRaw<{ name: string }[]>`
    SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public'
      AND tablename NOT IN ('audit_logs', 'audit_unsealed', 'rate_limits', 'sessions', '_prisma_migrations') ORDER BY 1`;
  const parts: string[] = [];
  for (const { name } of tables) {
    const [row] = await owner.$queryRawUnsafe<{ hash: string | null }[]>(
      `SELECT md5(string_agg(t::text, '' ORDER BY t::text)) AS hash FROM "${name}" t`,
    );
    parts.push(`${name} ${row?.hash ?? ''}`);
  }
  const sessions = await owner.session.findMany({ omit: { lastSeenAt: true }, orderBy: { id: 'asc' } });
  return `${parts.join('\n')}\n${JSON.stringify(sessions)}`;
}

test('V3.5.3 nothing is changed by opening or by looking at any page or handler, whoever does', async () => {
  const ids = {
    id: callId,
    token: newId(),
    action: 'delete',
    name: 'Changed',
    greeting: 'Changed',
    number: '+12125550111',
  };
  const query = `?${new URLSearchParams(ids)}`;
  const { pages, handlers } = routesOf();
  const admin = await makePerson(owner, { role: 'admin' });
  const before = await fingerprint();
  for (const who of [boss, staff, admin, null]) {
    const headers = await app.as(who?.sessionId ?? null);
    for (const route of [...pages, ...handlers]) {
      for (const method of ['GET', 'HEAD']) {
        const { status } = await ask(`${app.url}${concrete(route)}${query}`, { method, headers });
        expect([route, method, status < 500]).toEqual([route, method, true]);
      }
    }
    // An action is sent, and not opened.
    for (const { id, page } of actionsOf()) {
      await ask(`${app.url}${concrete(page)}${query}`, { headers: { ...headers, 'next-action': id, origin: app.url } });
      await ask(`${app.url}${concrete(page)}?$ACTION_ID_${id}=&greeting=Changed`, { headers });
    }
  }
  expect(await fingerprint()).toBe(before);
});
