/** Who asks too often is refused, everywhere and in words; whoever must not be refused is not counted. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { recordingAddress } from '@/lib/calls/recording-address';
import { newId } from '@/lib/platform/clock';
import { signedInRequests } from '@/lib/rules/limits';
import { type Application, startApplication } from '@/tests/support/application';
import { testDatabase } from '@/tests/support/database';
import { hasRedis, startRedis, startUpstash } from '@/tests/support/redis';
import { actionsOf } from '@/tests/support/routes';
import { makeBusiness, makePerson, ownerClient } from '@/tests/support/rows';

const { owner: ownerUrl } = await testDatabase();
const owner = ownerClient(ownerUrl);

let app: Application;
let business: Awaited<ReturnType<typeof makeBusiness>>;
beforeAll(async () => {
  app = await startApplication();
});
beforeEach(async () => {
  await owner.rateLimit.deleteMany();
  business = await makeBusiness(owner);
});
afterAll(async () => {
  await app.stop();
  await owner.$disconnect();
});

const somebody = () => makePerson(owner, { member: { businessId: business.id, role: 'business_owner' } });
type Person = Awaited<ReturnType<typeof somebody>>;

const open = async (path: string, { sessionId }: Pick<Person, 'sessionId'>) =>
  fetch(app.url + path, { headers: await app.as(sessionId), redirect: 'manual' });

/** Somebody who has asked as often as a limit lets them, but for the last time. */
async function nearlyThere(): Promise<Person> {
  const person = await somebody();
  expect((await open('/account', person)).status).toBe(200);
  await owner.rateLimit.updateMany({
    where: { key: { startsWith: `${signedInRequests.name}:` } },
    data: { points: signedInRequests.tries - 1 },
  });
  return person;
}

/** Somebody who has asked too often. */
async function beyond(): Promise<Person> {
  const person = await nearlyThere();
  await open('/account', person);
  return person;
}

const expectWait = (response: Response) => {
  const seconds = Number(response.headers.get('retry-after'));
  expect(seconds).toBeGreaterThanOrEqual(1);
  expect(seconds).toBeLessThanOrEqual(signedInRequests.seconds);
};

describe('somebody signed in, after 600 requests in five minutes,', () => {
  test('is led from every page to one that answers 429 and says what to do', async () => {
    const person = await nearlyThere();
    expect((await open('/dashboard', person)).status).toBe(200);
    for (const page of ['/dashboard', '/dashboard/hours', '/account', '/sign-in']) {
      const refused = await open(page, person);
      expect(refused.status, page).toBe(307);
      const shown = await open(refused.headers.get('location') ?? '', person);
      expect(shown.status, page).toBe(429);
      expectWait(shown);
      expect(await shown.text()).toMatch(/Wait .{0,20}\d (seconds|minutes)/);
    }
  });

  test('is refused a download in words, with 429', async () => {
    const person = await beyond();
    const address = recordingAddress({ recordingId: newId(), userId: person.id }, new Date());
    const refused = await open(address, person);
    expect(refused.status).toBe(429);
    expectWait(refused);
    expect(await refused.text()).toMatch(/^That was too often\. Wait /);
  });

  test('is told by the form, and nothing has changed', async () => {
    const person = await beyond();
    const before = await owner.business.findUniqueOrThrow({ where: { id: business.id } });
    const action = actionsOf().find(({ name }) => name === 'saveGreeting');
    const body = new FormData();
    body.append('_1_greeting', 'Changed all the same.');
    body.append('0', '[null,"$K1"]');
    const answer = await fetch(app.url + (action?.page ?? ''), {
      method: 'POST',
      headers: {
        ...(await app.as(person.sessionId)),
        origin: app.url,
        'next-action': action?.id ?? '',
        accept: 'text/x-component',
      },
      body,
    });
    expect(await answer.text()).toContain('That was too often. Wait ');
    expect(await owner.business.findUniqueOrThrow({ where: { id: business.id } })).toEqual(before);
  });

  test('is refused in every other session, while others are not', async () => {
    const person = await beyond();
    const session = await owner.session.findUniqueOrThrow({ where: { id: person.sessionId } });
    const other = await owner.session.create({ data: { ...session, id: newId() } });
    expect((await open('/account', { sessionId: other.id })).status).toBe(307);
    expect((await open('/account', await somebody())).status).toBe(200);
  });

  test('leaves one line in the trail, however often they go on', async () => {
    const person = await beyond();
    for (let request = 0; request < 5; request += 1) await open('/account', person);
    const where = { userId: person.id, action: 'access.deny', resourceType: 'limit' };
    expect(await owner.auditLog.count({ where })).toBe(1);
  });
});

/** One attempt at next-auth's own address, which says that it comes from `address`. */
async function attempt({ url }: Application, address: string) {
  const from = { 'x-forwarded-for': address, 'x-real-ip': address, forwarded: `for=${address}` };
  const csrf = await fetch(`${url}/api/auth/csrf`, { headers: from });
  const { csrfToken } = (await csrf.json()) as { csrfToken: string };
  const cookie = csrf.headers
    .getSetCookie()
    .map((line) => line.split(';')[0])
    .join('; ');
  return fetch(`${url}/api/auth/callback/credentials`, {
    method: 'POST',
    headers: { ...from, cookie, origin: url },
    body: new URLSearchParams({ csrfToken, email: 'nobody@example.com', password: 'a guess', json: 'true' }),
    redirect: 'manual',
  });
}

async function expectSixthRefused(there: Application) {
  for (let tries = 1; tries <= 5; tries += 1) expect((await attempt(there, `203.0.113.${tries}`)).status).not.toBe(429);
  const refused = await attempt(there, '203.0.113.6');
  expect(refused.status).toBe(429);
  expectWait(refused);
  expect(await refused.text()).toMatch(/^That was too often\. Wait /);
}

test('V6.3.1 V2.4.1 the sixth sign-in in a minute is answered 429, whatever it says about where it comes from', async () => {
  await expectSixthRefused(app);
});

test.skipIf(!hasRedis).each(['Redis', 'Upstash'])(
  'V16.5.2 an application counts at its %s, and in Postgres once that is gone',
  async (name) => {
    const redis = await startRedis();
    const upstash = await startUpstash(redis.url);
    const variables: Record<string, string> =
      name === 'Redis'
        ? { REDIS_URL: redis.url }
        : { UPSTASH_REDIS_REST_URL: upstash.url, UPSTASH_REDIS_REST_TOKEN: upstash.token };
    const other = await startApplication(variables);
    try {
      // A busy machine may keep the store from answering in time: then Postgres counts for a while.
      const isCountedThere = async () => {
        await attempt(other, '203.0.113.1');
        return (await redis.client.keys('*')).join();
      };
      await expect.poll(isCountedThere, { timeout: 40_000, interval: 500 }).toContain('sign-in-account');
      await upstash.stop();
      await redis.stop();
      await owner.rateLimit.deleteMany();
      await expectSixthRefused(other);
      expect(await owner.rateLimit.count()).toBeGreaterThan(0);
      expect(other.logged()).toContain('"event":"limiter.store_away"');
    } finally {
      await other.stop();
      await redis.stop();
    }
  },
);

test('webhooks, the clock, whoever watches over us and static files are not counted', async () => {
  const style = /\/_next\/static\/[^"]+\.css/.exec(await (await fetch(`${app.url}/`)).text())?.[0] ?? '';
  await app.network.placeCall({ to: business.number, from: '+12125550187', script: [] });
  const clock = { authorization: `Bearer ${process.env.CRON_SECRET}` };
  expect((await fetch(`${app.url}/api/cron/sweep`, { headers: clock })).status).toBe(200);
  for (const path of ['/api/health', '/icon.svg', '/fallback.xml', style]) {
    expect((await fetch(app.url + path)).status, path).toBe(200);
  }
  expect(await owner.call.count({ where: { businessId: business.id } })).toBe(1);
  // Each sweep looks whether the store counts, which says nothing about anybody.
  expect(await owner.rateLimit.findMany({ where: { key: { not: 'look:look' } } })).toEqual([]);
});

describe('with no store to count in', () => {
  test('V16.5.1 V16.5.2 V16.5.3 nobody gets further: pages fail without a word of why, downloads answer 503, forms and sign-ins say why', async () => {
    const person = await somebody();
    expect((await open('/account', person)).status).toBe(200);
    await owner.$executeRawUnsafe('REVOKE ALL ON rate_limits FROM app');
    try {
      const failed = await open('/account', person);
      expect(failed.status).toBe(500);
      expect(await failed.text()).not.toMatch(/rate_limits|permission denied|prisma|postgres|\n\s+at |\.tsx?:\d/i);
      const address = recordingAddress({ recordingId: newId(), userId: person.id }, new Date());
      const download = await open(address, person);
      expect(download.status).toBe(503);
      expect(download.headers.get('retry-after')).toBe('60');

      const body = new FormData();
      for (const [name, value] of [
        ['_1_email', person.email],
        ['_1_password', 'whatever it is'],
        ['0', '[null,"$K1"]'],
      ] as const) {
        body.append(name, value);
      }
      const action = actionsOf().find(({ name }) => name === 'signIn');
      const headers = { origin: app.url, 'next-action': action?.id ?? '', accept: 'text/x-component' };
      const answer = await fetch(`${app.url}/sign-in`, { method: 'POST', headers, body });
      expect(await answer.text()).toContain('For safety we count every try, and at the moment we cannot');
      expect(app.logged()).toContain('"event":"limiter.uncounted"');
      const denied = await owner.auditLog.count({
        where: { action: 'session.deny', details: { path: ['reason'], equals: 'uncounted' } },
      });
      expect(denied).toBe(1);
    } finally {
      await owner.$executeRawUnsafe('GRANT SELECT, INSERT, UPDATE, DELETE ON rate_limits TO app');
    }
  });
});
