/** What every limiter must do, wherever it counts, and what happens when that place is away. */
import { createServer } from 'node:http';
import { type AddressInfo, createServer as createTcpServer, type Server, type Socket } from 'node:net';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { newId } from '@/lib/platform/clock';
import { database } from '@/lib/platform/db';
import { type LimitStore, postgresStore, redisStore, upstashStore } from '@/lib/platform/limit-stores';
import { log } from '@/lib/platform/log';
import { limiterOf, orElse } from '@/lib/platform/rate-limit';
import type { Limit } from '@/lib/rules/limits';
import { testDatabase } from '@/tests/support/database';
import {
  freePort,
  hasRedis,
  type RedisServer,
  startRedis,
  startSilence,
  startUpstash,
  type UpstashServer,
} from '@/tests/support/redis';

const { owner: ownerUrl } = await testDatabase();
const owner = new pg.Pool({ connectionString: ownerUrl, max: 1 });

/** Milliseconds that a slow machine gets; the product's own are far fewer, and the libraries' time-outs far more. */
const patience = 2_000;
const token = 'a-token-that-everybody-knows';

let redis: RedisServer;
let upstash: UpstashServer;
beforeAll(async () => {
  if (!hasRedis) return;
  redis = await startRedis();
  upstash = await startUpstash(redis.url);
});
afterAll(async () => {
  if (hasRedis) {
    await upstash.stop();
    await redis.stop();
  }
  await owner.end();
  await database().prisma.$disconnect();
  await database().pool.end();
});

/** What the product keeps for the life of its process; put back after a test that was another process. */
const kept = globalThis as { aftercallproLimiter?: unknown; aftercallproDatabase?: unknown };
const ours = database();
afterEach(() => {
  kept.aftercallproDatabase = ours;
});

/** An hour: no window ends in the middle of a test. */
const limitOf = (tries: number, seconds = 3_600): Limit => ({ name: `test-${newId()}`, tries, seconds });

const redisKeys = () => redis.client.keys('*');
const postgresKeys = async () =>
  (await owner.query<{ key: string }>('SELECT key FROM rate_limits')).rows.map(({ key }) => key);

const stores = [
  { name: 'Postgres', there: true, make: () => postgresStore(), keys: postgresKeys },
  { name: 'Redis', there: hasRedis, make: () => redisStore(redis.url, patience), keys: redisKeys },
  { name: 'Upstash', there: hasRedis, make: () => upstashStore(upstash.url, upstash.token, patience), keys: redisKeys },
];

for (const { name, there, make, keys } of stores) {
  describe.skipIf(!there)(`counting in ${name}`, () => {
    let store: LimitStore;
    beforeAll(() => {
      store = make();
    });

    test('V2.4.1 V15.4.2 lets exactly as many of parallel tries pass as the limit says', async () => {
      const limit = limitOf(25);
      const verdicts = await Promise.all(Array.from({ length: 100 }, () => store.count(limit, 'a key')));
      expect(verdicts.filter(({ passes }) => passes)).toHaveLength(25);
    });

    test('says how long to wait, no longer than the window', async () => {
      const limit = limitOf(1);
      await store.count(limit, 'a key');
      const verdict = await store.count(limit, 'a key');
      expect(verdict).toEqual({ passes: false, seconds: expect.any(Number) });
      if (verdict.passes) return;
      expect(verdict.seconds).toBeGreaterThanOrEqual(1);
      expect(verdict.seconds).toBeLessThanOrEqual(3_600);
    });

    test('lets tries pass again once the window has ended', async () => {
      // Long enough for three tries on a busy machine.
      const limit = limitOf(2, 3);
      for (let tries = 0; tries < 2; tries += 1) await store.count(limit, 'a key');
      expect(await store.count(limit, 'a key')).toMatchObject({ passes: false });
      await expect
        .poll(() => store.count(limit, 'a key'), { timeout: 20_000, interval: 200 })
        .toEqual({ passes: true });
    });

    test('counts each key, and each limit, by itself', async () => {
      const limit = limitOf(1);
      await store.count(limit, 'one');
      expect(await store.count(limit, 'another')).toEqual({ passes: true });
      expect(await store.count(limitOf(1), 'one')).toEqual({ passes: true });
      expect(await store.count(limit, 'one')).toMatchObject({ passes: false });
    });

    test('keeps no key for ever', async () => {
      const limit = limitOf(1);
      await store.count(limit, 'a key');
      const own = (await keys()).filter((key) => key.includes(limit.name));
      expect(own).toHaveLength(1);
      if (name === 'Postgres') {
        const { rows } = await owner.query('SELECT expire FROM rate_limits WHERE key = $1', own);
        expect(Number(rows[0].expire)).toBeGreaterThan(Date.now());
      } else expect(await redis.client.pttl(own[0] ?? '')).toBeGreaterThan(0);
    });
  });
}

test('V16.2.5 who is counted stands in the store as a hash', async () => {
  const subject = 'caroline@example.com 192.0.2.77';
  const places: Record<string, string>[] = [{}];
  if (hasRedis) places.push({ REDIS_URL: redis.url }, upstashOf(upstash.url));
  for (const place of places) {
    const { countTry } = await limiterWith(place);
    const limit = limitOf(1);
    await countTry(limit, subject);
    const keys = [...(await postgresKeys()), ...(hasRedis ? await redisKeys() : [])];
    const own = keys.filter((key) => key.includes(limit.name));
    expect(own).toHaveLength(1);
    expect(own[0]).toMatch(/:[A-Za-z0-9_-]{43}(:\d+)?$/);
    expect(keys.join()).not.toMatch(/caroline|192\.0\.2\.77/);
  }
});

describe('the environment decides where is counted:', () => {
  const address = 'redis://127.0.0.1:1';

  test('at Upstash before Redis, in Redis before Postgres', () => {
    const both = { ...noPlace, ...upstashOf('http://127.0.0.1:1'), REDIS_URL: address };
    expect(limiterOf(both).name).toBe('upstash');
    expect(limiterOf({ ...noPlace, REDIS_URL: address }).name).toBe('redis');
    expect(limiterOf(noPlace).name).toBe('postgres');
  });
});

/** A store of each kind that is gone, and one that takes the connection and says nothing. */
const absences: readonly { name: string; place: (port: number) => Record<string, string>; silent: boolean }[] = [
  { name: 'a dead Redis', place: (port) => ({ REDIS_URL: `redis://127.0.0.1:${port}` }), silent: false },
  { name: 'a hanging Redis', place: (port) => ({ REDIS_URL: `redis://127.0.0.1:${port}` }), silent: true },
  { name: 'a dead Upstash', place: (port) => upstashOf(`http://127.0.0.1:${port}`), silent: false },
  { name: 'a hanging Upstash', place: (port) => upstashOf(`http://127.0.0.1:${port}`), silent: true },
];

describe.each(absences)('fault 2: with $name', ({ place, silent }) => {
  let port: number;
  let end: () => Promise<void>;
  beforeAll(async () => {
    if (silent) ({ port, stop: end } = await startSilence());
    else [port, end] = [await freePort(), async () => undefined];
    await postgresStore().count(limitOf(1), 'a connection that is open before anything is timed');
  });
  afterAll(() => end());
  beforeEach(() => {
    vi.spyOn(log, 'warn').mockImplementation(() => {});
  });

  test('V16.5.2 Postgres decides, exactly, and soon', async () => {
    const store = limiterOf({ ...noPlace, ...place(port) });
    const limit = limitOf(5);
    const start = performance.now();
    const verdicts = await Promise.all(Array.from({ length: 20 }, () => store.count(limit, 'a key')));
    const took = performance.now() - start;
    expect(verdicts.filter(({ passes }) => passes)).toHaveLength(5);
    // The libraries would wait 5 s (Upstash) or for ever (Redis). 300 ms are meant; the rest is for a machine at its limits.
    expect(took).toBeLessThan(1_500);
    expect((await postgresKeys()).filter((key) => key.startsWith(limit.name))).toHaveLength(1);
  });

  test('the next tries do not wait for it again, and the log says so once', async () => {
    const store = limiterOf({ ...noPlace, ...place(port) });
    const limit = limitOf(100);
    await store.count(limit, 'a key');
    const start = performance.now();
    for (let tries = 0; tries < 20; tries += 1) await store.count(limit, 'a key');
    expect(performance.now() - start).toBeLessThan(20 * 150); // the store's own budget, each time
    expect(log.warn).toHaveBeenCalledTimes(1);
    expect(log.warn).toHaveBeenCalledWith(
      expect.objectContaining({ event: 'limiter.store_away', kind: store.name }),
      expect.any(String),
    );
  });
});

test.skipIf(!hasRedis)('a Redis that falls silent and comes back is used again', async () => {
  vi.spyOn(log, 'warn').mockImplementation(() => {});
  const info = vi.spyOn(log, 'info').mockImplementation(() => {});
  const store = orElse(redisStore(redis.url, 150), postgresStore());
  const limit = limitOf(1_000);
  /** Tries until what happens afterwards is so. */
  const tryUntil = (is: () => Promise<boolean>) => {
    const tried = async () => {
      await store.count(limit, 'a key');
      return is();
    };
    return expect.poll(tried, { timeout: 30_000, interval: 100 }).toBe(true);
  };
  const isIn = (keys: () => Promise<string[]>) => async () => (await keys()).join().includes(limit.name);
  await tryUntil(isIn(redisKeys));
  redis.hang();
  try {
    await tryUntil(isIn(postgresKeys));
  } finally {
    redis.wake();
  }
  await tryUntil(async () => info.mock.calls.length > 0);
  expect(info).toHaveBeenCalledWith(expect.objectContaining({ event: 'limiter.store_back', kind: 'redis' }));
});

test('a store that is away says since when, and one that answers that it is not', async () => {
  const broken: LimitStore = { name: 'redis', count: () => Promise.reject(new Error('away')) };
  const warn = vi.spyOn(log, 'warn').mockImplementation(() => {});
  const away = orElse(broken, postgresStore());
  expect(away.awayFor()).toBe(0);
  await away.count(limitOf(1), 'a key');
  expect(away.awayFor()).toBeGreaterThan(0);
  expect(warn).toHaveBeenCalledOnce();
  const well = orElse({ ...postgresStore(), name: 'redis' }, broken);
  await well.count(limitOf(1), 'a key');
  expect(well.awayFor()).toBe(0);
});

test('Upstash’s own "passes, I ran out of time" is a failure', async () => {
  const silence = await startSilence();
  const store = upstashStore(`http://127.0.0.1:${silence.port}`, token, 50);
  await expect(store.count(limitOf(1), 'a key')).rejects.toThrow();
  await silence.stop();
});

test.each([
  ['nothing', { result: null }],
  ['a text', { result: 'OK' }],
  ['an empty list', { result: [] }],
  ['no result', {}],
])('an Upstash that answers %s lets nobody pass', async (_name, answer) => {
  const server = createServer((request, response) => {
    response.setHeader('content-type', 'application/json').end(JSON.stringify(request.url === '/' ? answer : [answer]));
  });
  const port = await listening(server);
  const verdict = await upstashStore(`http://127.0.0.1:${port}`, token, patience)
    .count(limitOf(1), 'a key')
    .catch(() => null);
  expect(verdict).not.toEqual({ passes: true });
  server.closeAllConnections();
  server.close();
});

test.each([
  ['a text', '+OK\r\n'],
  ['an empty list', '*0\r\n'],
  ['a count of nothing', '*2\r\n:0\r\n:1000\r\n'],
  ['an error', '-ERR broken\r\n'],
])('a Redis that answers %s lets nobody pass', async (_name, answer) => {
  const sockets = new Set<Socket>();
  const server = createTcpServer((socket) => {
    sockets.add(socket);
    // ioredis asks what it is talking to first.
    socket
      .on('error', () => undefined)
      .on('data', (data) => {
        for (const _command of String(data).match(/^\*\d/gm) ?? [])
          socket.write(/INFO|CLIENT/i.test(String(data)) ? '+OK\r\n' : answer);
      });
  });
  const port = await listening(server);
  const verdict = await redisStore(`redis://127.0.0.1:${port}`, patience)
    .count(limitOf(1), 'a key')
    .catch(() => null);
  expect(verdict).not.toEqual({ passes: true });
  for (const socket of sockets) socket.destroy();
  server.close();
});

describe('fault 2: with Postgres away as well', () => {
  test.each(absences)('V16.5.3 and $name, the answer is no, in words', async ({ place, silent }) => {
    vi.spyOn(log, 'warn').mockImplementation(() => {});
    const { port, stop } = silent ? await startSilence() : { port: await freePort(), stop: async () => undefined };
    const { countTry, log: itsLog } = await limiterWith({
      ...place(port),
      DATABASE_URL: `postgresql://app:x@127.0.0.1:${port}/x`,
    });
    const error = vi.spyOn(itsLog, 'error').mockImplementation(() => {});
    vi.spyOn(itsLog, 'warn').mockImplementation(() => {});
    const start = performance.now();
    await expect(countTry(limitOf(1_000), 'somebody')).rejects.toMatchObject({
      name: 'Uncounted',
      message: expect.stringContaining('we count every try, and at the moment we cannot'),
    });
    expect(performance.now() - start).toBeLessThan(5_000);
    expect(error).toHaveBeenCalledWith(expect.objectContaining({ event: 'limiter.uncounted' }));
    await stop();
  });
});

const noPlace = { UPSTASH_REDIS_REST_URL: undefined, UPSTASH_REDIS_REST_TOKEN: undefined, REDIS_URL: undefined };

function upstashOf(url: string) {
  return { UPSTASH_REDIS_REST_URL: url, UPSTASH_REDIS_REST_TOKEN: token };
}

/** The limiter of a process that was started with these variables. */
async function limiterWith(variables: Readonly<Record<string, string>>) {
  for (const [name, value] of Object.entries(variables)) vi.stubEnv(name, value);
  vi.resetModules();
  delete kept.aftercallproLimiter;
  if (variables.DATABASE_URL) delete kept.aftercallproDatabase;
  const { countTry } = await import('@/lib/platform/rate-limit');
  return { countTry, log: (await import('@/lib/platform/log')).log };
}

async function listening(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}
