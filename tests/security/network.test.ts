/** What arrives over the network: addresses, bodies and headers that nobody of ours sends. Against the production build. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { recordingAddress } from '@/lib/calls/recording-address';
import { newId } from '@/lib/platform/clock';
import { hashPassword } from '@/lib/platform/password';
import { type Application, startApplication } from '@/tests/support/application';
import { testDatabase } from '@/tests/support/database';
import { type Answer, ask, toAction } from '@/tests/support/raw-request';
import { actionsOf, routesOf } from '@/tests/support/routes';
import { makeBusiness, makeCall, makePerson, ownerClient } from '@/tests/support/rows';

const { owner: ownerUrl } = await testDatabase();
const owner = ownerClient(ownerUrl);
const password = 'nine grey herons';

let app: Application;
let businessId: string;
let callId: string;
let boss: Awaited<ReturnType<typeof makePerson>>;
let own: Record<string, string>;
beforeAll(async () => {
  const business = await makeBusiness(owner);
  businessId = business.id;
  callId = (await makeCall(owner, businessId)).id;
  boss = await makePerson(owner, {
    member: { businessId, role: 'business_owner' },
    passwordHash: await hashPassword(password),
  });
  app = await startApplication();
  own = await app.as(boss.sessionId);
});
afterAll(async () => {
  await app.stop();
  await owner.$disconnect();
});

const concrete = (route: string) =>
  route.replace('[id]', callId).replace('[job]', 'sweep').replace('[...nextauth]', 'csrf');
const actionNamed = (name: string) => {
  const action = actionsOf().find((candidate) => candidate.name === name);
  if (!action) throw new Error(`no action ${name}`);
  return action;
};
/** Sends the action as Next's own client does. */
async function act(name: string, fields: Record<string, string>, headers: Record<string, string> = {}) {
  const { id, page } = actionNamed(name);
  const form = await toAction(fields);
  return ask(app.url + concrete(page), {
    method: 'POST',
    body: form.body,
    headers: { origin: app.url, accept: 'text/x-component', ...form.headers, 'next-action': id, ...headers },
  });
}
/** How long an answer took, and whether the process is still there after it. */
async function timed(question: () => Promise<Answer>) {
  const since = performance.now();
  const answer = await question();
  const took = performance.now() - since;
  expect((await ask(`${app.url}/api/health`)).status).toBe(200);
  return { ...answer, took };
}
/** Far beyond what any of them takes, on a machine that is busy with other tests: it tells a second from a timeout. */
const atOnce = 5_000;

describe('the address of the host', () => {
  const forged: readonly Record<string, string>[] = [
    { host: 'evil.example' },
    { host: 'evil.example:443', 'x-forwarded-host': 'evil.example' },
    { 'x-forwarded-host': 'evil.example', 'x-forwarded-proto': 'https', 'x-forwarded-port': '8443' },
    { forwarded: 'host=evil.example;proto=https', 'x-host': 'evil.example', 'x-original-host': 'evil.example' },
    {
      'x-forwarded-server': 'evil.example',
      'x-http-host-override': 'evil.example',
      'x-original-url': '//evil.example',
    },
  ];

  test('V4.1.3 is the one we are known by: what a request says shows up in no header and no body', async () => {
    const { pages, handlers } = routesOf();
    for (const headers of forged) {
      for (const route of [...pages, ...handlers, '/nothing', '/_next/static/nothing.js', '//two/slashes', '/end/']) {
        for (const who of [{}, own]) {
          const answer = await ask(app.url + concrete(route), { headers: { ...who, ...headers } });
          expect([route, answer.status < 500]).toEqual([route, true]);
          expect(JSON.stringify(answer.headers) + answer.text, route).not.toContain('evil.example');
        }
      }
    }
  });

  test('V4.1.3 leads nobody away from the form that signs them in, next-auth’s included', async () => {
    for (const headers of forged) {
      const csrf = await ask(`${app.url}/api/auth/csrf`, { headers });
      const providers = await ask(`${app.url}/api/auth/providers`, { headers });
      expect(providers.text).toContain(`${app.url}/api/auth/`);
      const cookie = (csrf.headers['set-cookie'] ?? []).map((line) => line.split(';')[0]).join('; ');
      const { csrfToken } = JSON.parse(csrf.text) as { csrfToken: string };
      const answer = await ask(`${app.url}/api/auth/callback/credentials`, {
        method: 'POST',
        headers: { ...headers, cookie, origin: app.url, 'content-type': 'application/x-www-form-urlencoded' },
        body: new URLSearchParams({ csrfToken, email: 'a@example.com', password: 'b', json: 'true' }).toString(),
      });
      expect(JSON.stringify(answer)).not.toContain('evil.example');
    }
  });

  test('leads to that address from another name of this machine, where cookies and forms would not fit', async () => {
    const host = `localhost:${new URL(app.url).port}`;
    for (const path of ['/sign-in?next=%2Faccount', '//evil.example/x']) {
      const { status, headers } = await ask(app.url + path, { headers: { host } });
      expect([status, headers.location]).toEqual([307, app.url + path]);
    }
  });

  test('V4.1.3 stands in no mail but as we say it', async () => {
    const somebody = await makePerson(owner, { passwordHash: await hashPassword(password) });
    const answer = await act(
      'askForReset',
      { email: somebody.email },
      { host: 'evil.example', 'x-forwarded-host': 'evil.example' },
    );
    expect(answer.status).toBe(200);
    const outbox = path.join(app.workspace, '.data/outbox');
    const mails = () =>
      existsSync(outbox)
        ? readdirSync(outbox)
            .filter((name) => name.endsWith('.eml'))
            .map((name) => readFileSync(path.join(outbox, name), 'utf8'))
        : [];
    await expect
      .poll(() => mails().filter((mail) => mail.includes(somebody.email)), { timeout: 20_000 })
      .toHaveLength(1);
    for (const mail of mails()) expect(mail).not.toContain('evil.example');
    expect(mails().join()).toContain(`${app.url}/reset-password`);
  });

  test('V4.1.3 V8.3.1 a header that Next uses inside opens nothing', async () => {
    const inside: readonly Record<string, string>[] = [
      { 'x-middleware-subrequest': 'middleware:middleware:middleware:middleware:middleware' },
      { 'x-middleware-subrequest': 'src/middleware:src/middleware:src/middleware:src/middleware:src/middleware' },
      { 'x-middleware-next': '1', 'x-middleware-skip': '1', 'x-middleware-rewrite': '/api/health' },
      { 'x-invoke-path': '/dashboard', 'x-invoke-status': '200', 'x-matched-path': '/dashboard' },
      { 'x-action-forwarded': '1', 'x-aftercallpro-gate': '1', 'x-aftercallpro-path': '//evil.example' },
      { rsc: '1', 'next-router-prefetch': '1', 'next-router-segment-prefetch': '/_tree' },
      { 'next-resume': '1', 'x-nextjs-data': '1', purpose: 'prefetch' },
      { 'x-user-id': boss.id, 'x-session-id': boss.sessionId, 'x-real-ip': '127.0.0.1', 'x-remote-user': boss.email },
      { authorization: `Bearer ${boss.sessionId}` },
    ];
    for (const headers of inside) {
      for (const page of [
        '/dashboard',
        '/dashboard/hours',
        `/dashboard/calls/${callId}`,
        '/account',
        '/admin',
        '/admin/audit',
      ]) {
        const answer = await ask(app.url + page, { headers });
        expect([303, 307, 200]).toContain(answer.status);
        if (answer.status === 200) expect(answer.text).not.toMatch(/Harbour|A business|\+1 415/);
        expect(answer.headers.location ?? '').not.toContain('evil.example');
      }
      const file = await ask(`${app.url}/api/audit?format=csv`, { headers });
      expect(['rsc' in headers, file.status]).toEqual(['rsc' in headers, 'rsc' in headers ? 307 : 401]);
      expect(file.text).not.toContain('session.create');
    }
  });
});

describe('a body', () => {
  const limit = 1024 * 1024;
  const targets = () => [
    {
      path: '/sign-in',
      headers: { 'next-action': actionNamed('signIn').id, 'content-type': 'multipart/form-data; boundary=x' },
    },
    { path: '/sign-in', headers: { 'content-type': 'multipart/form-data; boundary=x' } },
    {
      path: '/dashboard/greeting',
      headers: {
        ...own,
        'next-action': actionNamed('saveGreeting').id,
        'content-type': 'multipart/form-data; boundary=x',
      },
    },
    { path: '/api/auth/callback/credentials', headers: { 'content-type': 'application/x-www-form-urlencoded' } },
    { path: '/api/auth/callback/credentials', headers: { 'content-type': 'application/json' } },
    { path: '/api/twilio/voice', headers: { 'content-type': 'application/x-www-form-urlencoded' } },
  ];

  test('V5.2.1 of more than 1 MB is refused with 413 wherever it is sent, with its length or without', async () => {
    for (const { path, headers } of targets()) {
      const question = { method: 'POST', headers: { origin: app.url, ...headers } };
      const whole = await timed(() => ask(app.url + path, { ...question, body: Buffer.alloc(limit + 1, 'a') }));
      const pieces = Array.from({ length: 20 }, () => Buffer.alloc(limit / 10, 'a'));
      const piecemeal = await timed(() => ask(app.url + path, { ...question, body: pieces }));
      expect([path, whole.status, piecemeal.status]).toEqual([path, 413, 413]);
      expect(Math.max(whole.took, piecemeal.took)).toBeLessThan(atOnce);
    }
  });

  test('V5.2.1 that is announced as too large is refused before any of it has come', async () => {
    for (const { path, headers } of targets()) {
      const length = { 'content-length': String(100 * 1024 ** 3) };
      const answer = await timed(() =>
        ask(app.url + path, { method: 'POST', headers: { origin: app.url, ...headers, ...length } }),
      );
      expect([path, answer.status]).toEqual([path, 413]);
      expect(answer.took).toBeLessThan(atOnce);
    }
  });

  const field = (name: string, value: string) =>
    `--x\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`;
  /** Bodies of a form that were broken, cut or made up; `$ID` stands for the action's own. */
  const malformed: Readonly<Record<string, string>> = {
    nothing: '',
    'no multipart': 'nothing of the kind',
    'a part without an end': '--x\r\nContent-Disposition: form-data; name="0"\r\n\r\n[null',
    'a part without a head': '--x\r\n\r\n[null,"$K1"]\r\n--x--\r\n',
    'no such JSON': `${field('0', '[null,')}--x--\r\n`,
    'no arguments': `${field('0', 'null')}--x--\r\n`,
    'one argument': `${field('0', '["$K1"]')}--x--\r\n`,
    'a thousand arguments': `${field('0', JSON.stringify(Array.from({ length: 1_001 }, () => null)))}--x--\r\n`,
    'a promise that never comes': `${field('0', '["$@7","$K1"]')}--x--\r\n`,
    'a reference to itself': `${field('0', '["$0","$K1"]')}--x--\r\n`,
    'a reference to what is inside': `${field('0', '["$1:__proto__:then","$K1"]')}${field('1', '"$@0"')}--x--\r\n`,
    'a function': `${field('0', '["$F1","$K1"]')}${field('1', '{"id":"$ID","bound":null}')}--x--\r\n`,
    'something that can be awaited': `${field('0', '["$1","$K1"]')}${field('1', '{"then":"$1:constructor:constructor","status":"resolved_model","value":"{}","_response":{"_prefix":"process.exit(1)//"}}')}--x--\r\n`,
    'a stream': `${field('0', '["$R1","$K1"]')}--x--\r\n`,
    'an endless sum': `${field('0', `["$n${'9'.repeat(100_000)}","$K1"]`)}--x--\r\n`,
    'a deep list': `${field('0', `[${'['.repeat(50_000)}${']'.repeat(50_000)},"$K1"]`)}--x--\r\n`,
    'no fields': `${field('0', '[null,"x"]')}--x--\r\n`,
    'an action without its parts': `${field('$ACTION_REF_1', '')}--x--\r\n`,
    'an action with parts of nobody': `${field('$ACTION_REF_1', '')}${field('$ACTION_1:0', '{"id":"$ID","bound":"$@9"}')}--x--\r\n`,
    'an action that is no JSON': `${field('$ACTION_REF_1', '')}${field('$ACTION_1:0', '{')}--x--\r\n`,
    'an action bound to a function': `${field('$ACTION_REF_1', '')}${field('$ACTION_1:0', '{"id":"$ID","bound":"$@1"}')}${field('$ACTION_1:1', '["$F0"]')}--x--\r\n`,
    'an action of nobody': `${field('$ACTION_ID_00', '')}--x--\r\n`,
  };

  test.each(Object.entries(malformed))(
    'V2.2.1 that is %s is refused with a 4xx at once, and the process lives on',
    async (name, body) => {
      const actions = [actionNamed('signIn'), actionNamed('saveGreeting')];
      for (const { id, page } of actions) {
        for (const more of [{ 'next-action': id }, {}] as Record<string, string>[]) {
          const isFetch = 'next-action' in more;
          const isForFetch = !body.includes('$ACTION');
          if (isFetch !== isForFetch) continue;
          for (const type of [
            'multipart/form-data; boundary=x',
            'multipart/form-data',
            'text/plain;charset=UTF-8',
            'application/x-www-form-urlencoded',
            '',
          ]) {
            const headers: Record<string, string> = { origin: app.url, ...own, ...more };
            const answer = await timed(() =>
              ask(app.url + page, {
                method: 'POST',
                headers: type ? { ...headers, 'content-type': type } : headers,
                body: body.replaceAll('$ID', id),
              }),
            );
            expect([name, type, answer.status >= 400 && answer.status < 500]).toEqual([name, type, true]);
            expect(answer.took).toBeLessThan(atOnce);
          }
        }
      }
    },
  );

  test('V2.2.1 for an action that there is not is refused with a 4xx', async () => {
    for (const id of ['x', '0'.repeat(42), 'f'.repeat(42), '../../etc/passwd', '__proto__', 'constructor']) {
      const form = await toAction({ email: 'a@example.com' });
      const headers = { origin: app.url, ...form.headers, 'next-action': id };
      const { status } = await ask(`${app.url}/sign-in`, { method: 'POST', headers, body: form.body });
      expect([id, status >= 400 && status < 500]).toEqual([id, true]);
    }
  });

  test('V15.3.5 V1.2.4 that next-auth reads holds texts and nothing else: 400 for objects, lists and broken JSON', async () => {
    for (const body of [
      '{"email":{"not":"x"},"password":"y"}',
      '{"email":["a@example.com"],"password":"y"}',
      '{"email":"a@example.com","password":{"startsWith":""}}',
      '{"email":"a@example.com","password":null}',
      '{"csrfToken":{"$ne":1}}',
      '{"callbackUrl":{}}',
      '["email"]',
      '{',
      'null',
      '"text"',
    ]) {
      const headers = { origin: app.url, 'content-type': 'application/json' };
      const { status } = await ask(`${app.url}/api/auth/callback/credentials`, { method: 'POST', headers, body });
      expect([body, status]).toEqual([body, 400]);
    }
  });

  test('is asked for in a form alone: other kinds are refused, and a page takes no other method', async () => {
    const headers = { origin: app.url, 'content-type': 'application/json' };
    expect((await ask(`${app.url}/sign-in`, { method: 'POST', headers, body: '{}' })).status).toBe(415);
    for (const method of ['PUT', 'PATCH', 'DELETE', 'TRACE', 'PROPFIND', 'OPTIONS']) {
      const answer = await ask(`${app.url}/sign-in`, { method, headers: { origin: app.url } });
      expect([method, answer.status]).toEqual([method, 405]);
      expect(answer.headers.allow).toContain('GET');
    }
  });
});

describe('an address to go on to', () => {
  const elsewhere = [
    'https://evil.example/',
    '//evil.example',
    '///evil.example',
    '/\\evil.example',
    '\\\\evil.example',
    '/%5cevil.example',
    '/%2f/evil.example',
    '%2f%2fevil.example',
    '/.//evil.example',
    '/dashboard/..//evil.example',
    '/dashboard@evil.example',
    'http:evil.example',
    'https:///evil.example',
    '\thttps://evil.example',
    '/\t/evil.example',
    '/\n/evil.example',
    'javascript:alert(1)',
    'JaVaScRiPt:alert(1)',
    'data:text/html,x',
    'http://[',
  ];
  /** Where a browser would go. */
  const leadsTo = (location: string) => new URL(location, app.url).origin;

  test.each(elsewhere)('V1.2.2 leads to a page of ours, also when it is %j', async (address) => {
    const encoded = encodeURIComponent(address);
    // Who is signed in already is sent on at once.
    const sent = await ask(`${app.url}/sign-in?next=${encoded}`, { headers: own });
    expect(leadsTo(sent.headers.location ?? '')).toBe(app.url);
    expect(sent.headers.location).not.toMatch(/evil|script|data:/i);
    // Who is not, by the form; of failures of others from here nothing is left, which would ask for a captcha.
    await owner.rateLimit.deleteMany();
    await owner.networkFailure.deleteMany();
    const signedIn = await act('signIn', { email: boss.email, password, next: address });
    expect(leadsTo(String(signedIn.headers['x-action-redirect'] ?? '').split(';')[0] ?? '')).toBe(app.url);
    expect(signedIn.headers['x-action-redirect']).not.toMatch(/evil|script|data:/i);
    await owner.rateLimit.deleteMany();

    for (const method of ['csrf', 'providers', 'signin', 'signout', 'session', 'error']) {
      const { status, headers } = await ask(`${app.url}/api/auth/${method}?callbackUrl=${encoded}`);
      expect([method, status < 500]).toEqual([method, true]);
      expect(leadsTo(headers.location ?? '/')).toBe(app.url);
      for (const cookie of headers['set-cookie'] ?? []) {
        const [, callback] = /^aftercallpro\.callback=([^;]*)/.exec(cookie) ?? [];
        if (callback) expect(new URL(decodeURIComponent(callback)).origin).toBe(app.url);
      }
    }
  });

  test('V1.2.2 a path that looks like another site stays a path', async () => {
    for (const path of [
      '//evil.example',
      '//evil.example/dashboard',
      '/\\evil.example',
      '///evil.example/%2e%2e',
      '/dashboard//evil.example',
    ]) {
      const { status, headers } = await ask(app.url + path);
      expect(status).toBeLessThan(500);
      expect([path, leadsTo(headers.location ?? '/')]).toEqual([path, app.url]);
    }
  });
});

describe('what is not for everybody', () => {
  test('V13.4.1 no file of the source, of git or of the environment is served', async () => {
    for (const path of [
      '/.git/HEAD',
      '/.git/config',
      '/.env',
      '/.env.example',
      '/.data/dev.env',
      '/.next/BUILD_ID',
      '/.next/server/app-paths-manifest.json',
      '/_next/../.env',
      '/_next/static/../../server/middleware.js',
      '/_next/static/..%2f..%2fserver/server-reference-manifest.json',
      '/%2e%2e/package.json',
      '/..%5cpackage.json',
      '/package.json',
      '/package-lock.json',
      '/next.config.mjs',
      '/middleware.ts',
      '/prisma/schema.prisma',
      '/node_modules/next/package.json',
      '/tsconfig.json',
      '/.DS_Store',
      '/.svn/entries',
    ]) {
      const { status, text } = await ask(app.url + path);
      expect([path, [301, 307, 308, 400, 404].includes(status)]).toEqual([path, true]);
      expect(text).not.toMatch(/DATABASE_URL=|ref: refs|"dependencies"|generator client/);
    }
  });

  test('V13.4.1 no source map is there, nor the name of one', async () => {
    const files = readdirSync('.next/static', { recursive: true, encoding: 'utf8' });
    expect(files.filter((name) => name.endsWith('.map'))).toEqual([]);
    const scripts = files.filter((name) => name.endsWith('.js'));
    expect(scripts.length).toBeGreaterThan(5);
    for (const name of scripts)
      expect(readFileSync(path.join('.next/static', name), 'utf8')).not.toMatch(/sourceMappingURL=/);
    expect((await ask(`${app.url}/_next/static/${scripts[0]}.map`)).status).toBe(404);
  });

  test('V13.4.5 health is a word, and the clock’s door, metrics and documentation are shut', async () => {
    for (const authorization of [
      '',
      'Bearer',
      'Bearer %',
      'Bearer %E0%A4%A',
      'Bearer undefined',
      'Basic YTpi',
      `Bearer ${'a'.repeat(8_000)}`,
    ]) {
      const headers = { ...own, ...(authorization && { authorization }) };
      const health = await ask(`${app.url}/api/health`, { headers });
      expect([health.status, JSON.parse(health.text)]).toEqual([200, { status: 'ok' }]);
      for (const job of ['sweep', 'nothing', '__proto__', 'constructor', '%']) {
        const { status } = await ask(`${app.url}/api/cron/${job}`, { headers });
        expect([job, status]).toEqual([job, job === '%' ? 400 : 401]);
      }
      const { status } = await ask(`${app.url}/api/audit?format=csv`, {
        headers: authorization ? { authorization } : {},
      });
      expect(status).toBe(401);
    }
    for (const path of [
      '/metrics',
      '/api/metrics',
      '/api',
      '/api/docs',
      '/swagger',
      '/openapi.json',
      '/graphql',
      '/debug',
      '/_next/image?url=%2Ficon.svg&w=64&q=75',
      '/__nextjs_original-stack-frame',
      '/_next/webpack-hmr',
    ]) {
      expect([path, [400, 404].includes((await ask(app.url + path)).status)]).toEqual([path, true]);
    }
  });

  test('V5.3.2 no name in an address leads to a file: a recording is found by its id, or not at all', async () => {
    for (const id of ['../../../etc/passwd', '..%2f..%2f.env', '%00', 'CON', newId(), `${newId()}/../x`]) {
      const address = recordingAddress({ recordingId: id, userId: boss.id }, new Date()).replace(
        id,
        encodeURIComponent(id),
      );
      const { status, text } = await ask(app.url + address, { headers: own });
      expect([id, [400, 404].includes(status)]).toEqual([id, true]);
      expect(text).not.toContain('root:');
    }
  });

  test('V14.3.2 nothing that is shown to somebody signed in is kept on the way: pages, payloads, files, refusals', async () => {
    const { pages, handlers } = routesOf();
    const shown = [
      ...pages.filter((page) => /^\/(?:dashboard|account)/.test(page)),
      '/dashboard/calls?show=all',
      '/dashboard/nothing',
    ];
    for (const page of shown) {
      for (const more of [{}, { rsc: '1' }, { rsc: '1', 'next-router-prefetch': '1' }]) {
        const question = { headers: { ...own, ...more } };
        let answer = await ask(app.url + concrete(page), question);
        // Next sends whoever asks for a payload to an address that says so.
        if (answer.status === 307) answer = await ask(app.url + answer.headers.location, question);
        const { headers } = answer;
        expect([page, answer.status]).not.toEqual([page, 307]);
        expect([page, headers['cache-control']]).toEqual([page, expect.stringContaining('no-store')]);
      }
    }
    const open = ['/.well-known/security.txt', '/icon.svg'];
    for (const handler of handlers.filter((name) => !open.includes(name) && !name.startsWith('/api/twilio/'))) {
      const { status, headers } = await ask(app.url + concrete(handler), { headers: own });
      if (status === 405) continue;
      expect([handler, headers['cache-control']]).toEqual([handler, expect.stringContaining('no-store')]);
    }
    const sent = await act('saveGreeting', { greeting: 'Good evening.' }, own);
    expect(sent.headers['cache-control']).toContain('no-store');
  });

  test('V1.2.2 a page leads to pages of ours, telephones and mailboxes, whatever callers call themselves', async () => {
    const script = 'javascript:alert(1)';
    const { id } = await makeCall(owner, businessId, { callerName: script, callerNumber: script, wanted: script });
    for (const page of [...routesOf().pages, `/dashboard/calls/${id}`, '/dashboard/calls?show=all']) {
      const { text } = await ask(app.url + concrete(page), { headers: own });
      const addresses = [...text.matchAll(/\b(?:href|src|action|formaction)="([^"]*)"/gi)].map(
        ([, address]) => address,
      );
      // The toolbar of a pretend network leads to its telephone.
      for (const address of addresses.filter((one) => one !== `${app.network.url}/phone`))
        expect([page, address]).toEqual([page, expect.stringMatching(/^(?:\/(?!\/)|#|\?|tel:\+\d+$|mailto:|$)/)]);
    }
    expect((await ask(`${app.url}/dashboard/calls/${id}`, { headers: own })).text).toContain(script);
  });

  test('V14.2.1 no address that a page leads to holds a number, a name, an e-mail or a session', async () => {
    for (const page of routesOf().pages) {
      const { text } = await ask(app.url + concrete(page), { headers: own });
      const addresses = [...text.matchAll(/\b(?:href|src|action)="([^"]*)"/g)].map(([, address = '']) => address);
      for (const address of addresses.filter((one) => !/^(?:tel|mailto):/.test(one))) {
        expect(decodeURIComponent(address.replaceAll('&amp;', '&')), page).not.toMatch(
          /\+1415|4155550123|@example\.com/,
        );
        expect(address).not.toContain(boss.sessionId);
      }
    }
  });

  test('V16.5.1 a refusal says nothing of what is behind it: no stack, no path, no query', async () => {
    for (const path of [
      '/nothing',
      '/api/nothing',
      '/dashboard/calls/x',
      '/%E0%A4%A',
      '/api/cron/sweep',
      '/api/recordings/x',
    ]) {
      const { text } = await ask(app.url + path, { headers: own });
      expect(text, path).not.toMatch(/\n\s+at |node_modules|\/work\/|prisma|postgres|SELECT |\.ts:\d/i);
    }
  });
});

test('V7.5.2 whoever looks at their sessions reads in which country each was, and its address', async () => {
  await owner.session.update({ where: { id: boss.sessionId }, data: { ipAddress: '193.0.6.139' } });
  const { text } = await ask(`${app.url}/account/security`, { headers: own });
  expect(text).toContain('Netherlands');
  expect(text).toContain('193.0.6.139');
});

describe('whoever found a hole', () => {
  test('reads in security.txt whom to tell, until when that holds, and where it stands', async () => {
    const { status, headers, text } = await ask(`${app.url}/.well-known/security.txt`);
    expect([status, headers['content-type']]).toEqual([200, 'text/plain; charset=utf-8']);
    expect(text).toMatch(/^Contact: mailto:security@127\.0\.0\.1$/m);
    expect(text).toContain(`\nCanonical: ${app.url}/.well-known/security.txt\n`);
    const [, expires = ''] = /^Expires: (\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z)$/m.exec(text) ?? [];
    const days = (Date.parse(expires) - Date.now()) / 86_400_000;
    expect(days).toBeGreaterThan(90);
    expect(days).toBeLessThan(365);
  });
});

test('V16.4.1 no line of the log begins or ends where somebody else wanted it to', async () => {
  const forged = '\r\n{"level":"info","event":"forged"}\u001b[31m';
  const encoded = encodeURIComponent(forged);
  for (const path of [
    `/${encoded}`,
    `/api/cron/${encoded}`,
    `/api/recordings/${encoded}`,
    `/api/auth/${encoded}`,
    `/dashboard/calls/${encoded}`,
  ]) {
    await ask(`${app.url}${path}?callbackUrl=${encoded}&error=${encoded}`, { headers: own });
  }
  await act('signIn', { email: `a${forged}@example.com`, password: forged, next: forged });
  const headers = { origin: app.url, 'content-type': 'application/json' };
  const body = JSON.stringify({ email: forged, password: forged, csrfToken: forged, callbackUrl: forged });
  await ask(`${app.url}/api/auth/callback/credentials`, { method: 'POST', headers, body });
  await ask(`${app.url}/api/auth/callback/${encoded}`, { method: 'POST', headers, body });
  await ask(`${app.url}/api/twilio/voice?x=${encoded}`, { method: 'POST', body: `CallSid=${encoded}&To=${encoded}` });
  const lines = app
    .logged()
    .split('\n')
    .filter((line) => line.startsWith('{'));
  expect(lines.length).toBeGreaterThan(0);
  for (const line of lines) expect(JSON.parse(line).event).not.toBe('forged');
  for (const text of ['\u001b[31m', 'forged']) expect(app.logged()).not.toContain(text);
});

test('V16.2.5 the process that was asked all this is the one that began, and has said nothing of what was sent', () => {
  expect(() => process.kill(app.pid, 0)).not.toThrow();
  expect(app.logged()).not.toMatch(/evil\.example|nine grey herons/);
});
