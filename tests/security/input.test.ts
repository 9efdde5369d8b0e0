/** What people and machines send is data: it is neither an operator, nor a field that was not asked for, nor a way to stall us. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { parseSync } from '@swc/core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { newId } from '@/lib/platform/clock';
import { type Application, startApplication } from '@/tests/support/application';
import { testDatabase } from '@/tests/support/database';
import { ask, multipart } from '@/tests/support/raw-request';
import { actionsOf, routesOf } from '@/tests/support/routes';
import { makeBusiness, makeCall, makePerson, ownerClient } from '@/tests/support/rows';

const { owner: ownerUrl } = await testDatabase();
const owner = ownerClient(ownerUrl);

let app: Application;
let ours: Awaited<ReturnType<typeof makeBusiness>>;
let callId: string;
beforeAll(async () => {
  ours = await makeBusiness(owner);
  callId = (await makeCall(owner, ours.id)).id;
  const theirs = await makeBusiness(owner);
  await makeCall(owner, theirs.id);
  await makePerson(owner, { member: { businessId: theirs.id, role: 'business_owner' } });
  app = await startApplication();
});
afterAll(async () => {
  await app.stop();
  await owner.$disconnect();
});

const somebody = (role: 'business_owner' | 'staff' = 'business_owner') =>
  makePerson(owner, { member: { businessId: ours.id, role } });

/** Every row that matters, but for what each request writes and what belongs to the person who asks. */
async function everything(except: string) {
  return JSON.stringify([
    await owner.business.findMany({ orderBy: { id: 'asc' } }),
    await owner.phoneRoute.findMany({ orderBy: { number: 'asc' } }),
    await owner.dutyContact.findMany({ orderBy: { id: 'asc' } }),
    await owner.call.findMany({ orderBy: { id: 'asc' } }),
    await owner.membership.findMany({
      where: { userId: { not: except } },
      orderBy: [{ userId: 'asc' }, { businessId: 'asc' }],
    }),
    await owner.user.findMany({ where: { id: { not: except } }, orderBy: { id: 'asc' } }),
    await owner.session.findMany({
      where: { userId: { not: except } },
      omit: { lastSeenAt: true },
      orderBy: { id: 'asc' },
    }),
  ]);
}

/** Names that any action's form might hold. */
const names = [
  'id',
  'email',
  'password',
  'current',
  'token',
  'number',
  'greeting',
  'zone',
  'next',
  'name',
  'business',
  'code',
  'captcha',
  'role',
  'reason',
  'as',
  'required',
];
/** What an ORM would take for an operator, if it came to it as an object. */
const operators = [
  '{"not":""}',
  '{"not":"00000000-0000-0000-0000-000000000000"}',
  '{"startsWith":""}',
  '{"in":["a"]}',
  '["a","b"]',
  'undefined',
  "' OR '1'='1",
  '1; DROP TABLE users --',
  '%',
];

async function send(
  actionId: string,
  page: string,
  fields: readonly (readonly [string, string])[],
  who: Record<string, string>,
) {
  const form = await multipart([
    ...fields.map(([name, value]) => [`_1_${name}`, value] as const),
    ['0', '[null,"$K1"]'],
  ]);
  return ask(app.url + page.replace('[id]', callId), {
    method: 'POST',
    headers: { ...who, origin: app.url, accept: 'text/x-component', ...form.headers, 'next-action': actionId },
    body: form.body,
  });
}

describe('what looks like an operator', () => {
  test('V1.2.4 V15.3.5 is a text in every field of every action: it finds nothing, changes nothing and breaks nothing', async () => {
    const person = await somebody();
    const own = await app.as(person.sessionId);
    // These do something whatever the form holds: they ask for nothing, or for any text.
    const whatever = new Set([
      'signOut',
      'revokeOtherSessions',
      'saveGreeting',
      'changeName',
      'beginSecondFactor',
      'removeNumber',
    ]);
    const before = await everything(person.id);
    for (const { id, name, page } of actionsOf().filter((action) => !whatever.has(action.name))) {
      for (const operator of operators) {
        const fields = names.flatMap(
          (field) =>
            [
              [field, operator],
              [`${field}[not]`, ''],
              [`${field}.not`, ''],
              [`${field}[]`, 'a'],
            ] as const,
        );
        const { status, text } = await send(id, page, fields, own);
        expect([name, operator, status < 500, /"ok":true/.test(text)]).toEqual([name, operator, true, false]);
      }
      await owner.rateLimit.deleteMany();
    }
    expect(await everything(person.id)).toBe(before);
  }, 120_000);

  test('V1.2.4 V15.3.5 finds nothing in the address of any page or file', async () => {
    const own = await app.as((await somebody()).sessionId);
    const operator = await app.as((await makePerson(owner, { role: 'admin' })).sessionId);
    const { pages, handlers } = routesOf();
    for (const route of [...pages, ...handlers.filter((handler) => !handler.startsWith('/api/twilio'))]) {
      const headers = route.startsWith('/admin') ? operator : own;
      const plain = await ask(
        app.url + route.replace('[id]', callId).replace('[job]', 'sweep').replace('[...nextauth]', 'csrf'),
        { headers },
      );
      for (const text of operators) {
        const encoded = encodeURIComponent(text);
        const filled = route.replace('[id]', encoded).replace('[job]', encoded).replace('[...nextauth]', 'csrf');
        const names = ['id', 'token', 'caller', 'show', 'who', 'action', 'about', 'from', 'after', 'before', 'format'];
        const query = names.map((name) => `${name}=${encoded}&${name}[not]=&${name}.startsWith=`).join('&');
        const { status } = await ask(`${app.url}${filled}?${query}`, { headers });
        expect([filled, status < 500]).toEqual([filled, true]);
        if (route.includes('[id]')) expect([filled, status]).toEqual([filled, 404]);
        await owner.rateLimit.deleteMany();
      }
      expect(plain.status).toBeLessThan(500);
    }
  }, 120_000);
});

test('V15.3.3 a field that is not on the form changes nothing, whatever it is called', async () => {
  const person = await somebody();
  const own = await app.as(person.sessionId);
  const extra = [
    ['role', 'admin'],
    ['accountRole', 'admin'],
    ['membershipRole', 'business_owner'],
    ['businessId', newId()],
    ['userId', newId()],
    ['tier', 'enterprise'],
    ['monthlyMinutesLimit', '99999'],
    ['isAdmin', 'true'],
    ['emailVerified', 'true'],
    ['__proto__', 'x'],
    ['constructor.prototype.role', 'admin'],
    ['data', '{"role":"admin"}'],
    ['sessionId', newId()],
    ['permission', 'view_platform'],
  ] as const;
  const action = actionsOf().find(({ name }) => name === 'saveGreeting');
  const before = await owner.business.findUniqueOrThrow({ where: { id: ours.id } });
  const admins = await owner.user.count({ where: { role: 'admin' } });
  const answer = await send(
    action?.id ?? '',
    '/dashboard/greeting',
    [['greeting', 'Good evening, all.'], ...extra],
    own,
  );
  expect(answer.text).toContain('"ok":true');
  const after = await owner.business.findUniqueOrThrow({ where: { id: ours.id } });
  expect(after).toEqual({ ...before, greeting: 'Good evening, all.', updatedAt: after.updatedAt });
  expect(await owner.user.findUniqueOrThrow({ where: { id: person.id } })).toMatchObject({ role: 'user' });
  expect(await owner.membership.findFirstOrThrow({ where: { userId: person.id } })).toMatchObject({
    role: 'business_owner',
  });
  expect(await owner.user.count({ where: { role: 'admin' } })).toBe(admins);
});

test('V15.3.1 what a page sends holds no hash, no session, no index and nobody else’s address', async () => {
  const person = await somebody('staff');
  const stranger = await makePerson(owner, { email: 'stranger-canary@example.com' });
  const own = await app.as(person.sessionId);
  const { emailIndex } = await owner.user.findUniqueOrThrow({ where: { id: person.id } });
  const hidden = [
    person.sessionId,
    Buffer.from(emailIndex).toString('hex'),
    Buffer.from(emailIndex).toString('base64'),
    stranger.email,
    stranger.id,
    '$argon2',
  ];
  for (const page of routesOf().pages.filter((one) => one !== '/account/security')) {
    for (const more of [{}, { rsc: '1' }]) {
      const { text } = await ask(app.url + page.replace('[id]', callId), { headers: { ...own, ...more } });
      for (const value of hidden) expect([page, text.includes(value)]).toEqual([page, false]);
    }
  }
  const { text } = await ask(`${app.url}/api/health`);
  expect(Object.keys(JSON.parse(text))).toEqual(['status']);
});

test('V8.3.2 a role that is taken or given counts from the next request', async () => {
  const person = await somebody('staff');
  const own = await app.as(person.sessionId);
  const status = async () => (await ask(`${app.url}/dashboard/hours`, { headers: own })).status;
  expect(await status()).toBe(403);
  await owner.membership.updateMany({ where: { userId: person.id }, data: { role: 'business_owner' } });
  expect(await status()).toBe(200);
  await owner.membership.updateMany({ where: { userId: person.id }, data: { role: 'staff' } });
  expect(await status()).toBe(403);
  await owner.membership.deleteMany({ where: { userId: person.id } });
  expect(await status()).toBe(403);
});

/** Every pattern that stands in the sources, with where it stands. */
function patterns(): { where: string; pattern: RegExp }[] {
  const files = ['app', 'lib', 'scripts']
    .flatMap((folder) =>
      readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((file) => path.join(folder, file)),
    )
    .filter((file) => /\.(?:tsx?|mjs)$/.test(file) && !file.startsWith('lib/generated/'));
  const found: { where: string; pattern: RegExp }[] = [];
  for (const file of [...files, 'middleware.ts']) {
    const walk = (node: unknown): void => {
      if (typeof node !== 'object' || node === null) return;
      const { type, pattern, flags } = node as Record<string, unknown>;
      if (type === 'RegExpLiteral')
        found.push({ where: `${file} /${pattern}/`, pattern: new RegExp(String(pattern), String(flags)) });
      for (const inner of Object.values(node)) walk(inner);
    };
    walk(parseSync(readFileSync(file, 'utf8'), { syntax: 'typescript', tsx: file.endsWith('x') }));
  }
  return found;
}

/** Texts that make a pattern try again and again, and then fail. */
const texts = (length: number): string[] =>
  [
    'a',
    ' ',
    '0',
    '\t',
    '.',
    '-',
    '_',
    'a@',
    'a.',
    '0-',
    ' ,',
    '/',
    '(',
    '"',
    '\\',
    '=',
    'é',
    '\u200b',
    'ab ',
    '=a;',
    '\n',
    '<a ',
  ].flatMap((unit) => {
    const long = unit.repeat(Math.ceil(length / unit.length)).slice(0, length);
    return [long, `${long}!`, `a${long}\u0000`, `AGE${long}\n`];
  });

test('V1.3.12 no pattern of ours takes longer than a moment over 100,000 characters', () => {
  const all = patterns();
  expect(all.length).toBeGreaterThan(60);
  const long = texts(100_000);
  const slow: string[] = [];
  for (const { where, pattern } of all) {
    for (const text of long) {
      const take = () => {
        const since = performance.now();
        pattern.lastIndex = 0;
        if (pattern.global) text.replace(pattern, '');
        else pattern.test(text);
        return performance.now() - since;
      };
      // A pause of the machine is no fault of the pattern: the fastest of three counts.
      let took = take();
      for (let again = 0; took > 200 && again < 2; again += 1) took = Math.min(took, take());
      if (took > 200) slow.push(`${where}: ${Math.round(took)} ms over ${JSON.stringify(text.slice(0, 6))}…`);
    }
  }
  expect(slow).toEqual([]);
}, 240_000);
