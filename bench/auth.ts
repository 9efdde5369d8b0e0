/**
 * What the protection of a request costs: each part against the same request without it, turn by turn, so that whatever
 * else the machine does meets both alike.
 */
import '@/tests/support/environment';
import { createServer, get } from 'node:http';
import type { AddressInfo } from 'node:net';
import { availableParallelism, cpus } from 'node:os';
import { decode, encode } from 'next-auth/jwt';
import { signIn } from '@/lib/accounts/sign-in/sign-in';
import { guestDesk } from '@/lib/doors/guest';
import { newId } from '@/lib/platform/clock';
import { database } from '@/lib/platform/db';
import { enterBySession, enterForSignIn } from '@/lib/platform/enter';
import { Refusal } from '@/lib/platform/errors';
import { hashPassword, isPassword } from '@/lib/platform/password';
import { countTry } from '@/lib/platform/rate-limit';
import { contentSecurityPolicy } from '@/lib/rules/security-headers';
import { sessionLifetime } from '@/lib/rules/session';
import nextConfig from '@/next.config.mjs';
import { gate } from '@/scripts/support/gate';
import { makeBusiness, makePerson, ownerClient } from '@/tests/support/rows';
import { makeDatabase, openTestServer } from '@/tests/support/test-server';
import { middle } from './figures';
import { mannWhitney } from './mann-whitney';

const { server, stop } = await openTestServer('bench');
const { owner: url } = await makeDatabase(server);
const owner = ownerClient(url);
const from = { ipAddress: '192.0.2.1', userAgent: 'bench' };
const { id: businessId } = await makeBusiness(owner);
const password = 'nine grey herons';
const passwordHash = await hashPassword(password);
const { sessionId } = await makePerson(owner, { member: { businessId, role: 'business_owner' } });

type Work = () => Promise<unknown>;
async function time(work: Work): Promise<number> {
  const since = performance.now();
  await work();
  return performance.now() - since;
}

/** The middle of what each takes, in milliseconds, and the middle of how much longer the second took than the first. */
async function compare(without: Work, with_: Work, runs: number) {
  for (let n = 0; n < 50; n += 1) await Promise.all([without(), with_()]);
  const pairs: { without: number; with: number }[] = [];
  for (let n = 0; n < runs; n += 1) {
    // Whoever goes second finds things warm.
    const first = n % 2 === 0 ? without : with_;
    const took = [await time(first), await time(first === without ? with_ : without)] as const;
    pairs.push(first === without ? { without: took[0], with: took[1] } : { without: took[1], with: took[0] });
  }
  const [bare, whole] = [middle(pairs.map((pair) => pair.without)), middle(pairs.map((pair) => pair.with))];
  return { without: bare, with: whole, cost: middle(pairs.map((pair) => pair.with - pair.without)) };
}

const round = (milliseconds: number) => milliseconds.toFixed(milliseconds < 1 ? 3 : 2);
let missed = 0;
function tell(what: string, { without, with: whole, cost }: Awaited<ReturnType<typeof compare>>, aim: number) {
  if (cost >= aim) missed += 1;
  const ratio = (whole / without).toFixed(2);
  console.log(
    `${what.padEnd(34)}${round(without).padStart(9)} ms${round(whole).padStart(9)} ms${ratio.padStart(8)}×${round(cost).padStart(10)} ms   aim < ${aim} ms${cost < aim ? '' : '   MISSED'}`,
  );
}

/** A server that answers one word, and an answer from it over a connection that stays. */
async function answering(handle: Parameters<typeof createServer>[1]) {
  const there = createServer({ keepAlive: true }, handle).listen(0, '127.0.0.1');
  await new Promise((resolve) => there.once('listening', resolve));
  const { port } = there.address() as AddressInfo;
  const ask = () =>
    new Promise<void>((resolve, reject) => {
      get({ port, host: '127.0.0.1', path: '/dashboard' }, (answer) => answer.resume().once('end', resolve)).once(
        'error',
        reject,
      );
    });
  return { ask, close: () => there.close() };
}

console.log(
  `${cpus()[0]?.model ?? 'unknown processor'}, ${availableParallelism()} cores, Node ${process.version}, PostgreSQL 18 beside it\n`,
);
console.log(
  `${''.padEnd(34)}${'without'.padStart(12)}${'with'.padStart(12)}${'ratio'.padStart(9)}${'cost'.padStart(13)}`,
);

const [{ headers = [] } = {}] = (await nextConfig.headers?.()) ?? [];
const { admit } = gate({ appUrl: 'https://app.example.com', trustedProxyHops: 1, headers });
const plain = await answering((_request, response) => response.end('x'));
const guarded = await answering((request, response) => {
  if (!admit(request, response)) return;
  const nonce = Buffer.from(crypto.randomUUID()).toString('base64');
  response.setHeader('content-security-policy', contentSecurityPolicy(nonce, { development: false, https: true }));
  response.end('x');
});
tell('headers, with a policy and its nonce', await compare(plain.ask, guarded.ask, 3_000), 1);
plain.close();
guarded.close();

const limit = { name: 'bench', tries: 1_000_000_000, seconds: 300 };
const bare: Work = () => enterForSignIn(from, new Date(), async () => null);
tell(
  'limiter, counting in Postgres',
  await compare(
    bare,
    async () => {
      await countTry(limit, newId());
      await bare();
    },
    1_000,
  ),
  2,
);
tell(
  'limiter, one account over and over',
  await compare(
    bare,
    async () => {
      await countTry(limit, 'ana');
      await bare();
    },
    1_000,
  ),
  2,
);

const secret = process.env.SECRET_KEY ?? '';
const cookie = await encode({ token: { sid: sessionId }, secret, maxAge: sessionLifetime });
const checked: Work = async () => {
  const claims = await decode({ token: cookie, secret });
  return enterBySession(String(claims?.sid), from, new Date(), async () => null);
};
tell('session check, its cookie included', await compare(bare, checked, 1_000), 2);

const audited: Work = () =>
  enterBySession(sessionId, from, new Date(), async (visit) =>
    visit.record({ action: 'call.read', resourceType: 'call', details: { ids: [newId(), newId(), newId()] } }),
  );
tell(
  'audit, one entry with three ids',
  await compare(() => enterBySession(sessionId, from, new Date(), async () => null), audited, 1_000),
  5,
);

/** Somebody new each time, from somewhere new: limits and locks are not what is measured here. */
const signIns: number[] = [];
const hashes: number[] = [];
for (let n = 0; n < 60; n += 1) {
  const { email } = await makePerson(owner, { passwordHash });
  const desk = guestDesk({ ipAddress: `198.51.${n}.7`, userAgent: 'bench' });
  signIns.push(await time(() => signIn(desk, { email, password })));
  hashes.push(await time(() => isPassword(password, passwordHash)));
}
const share = middle(hashes) / middle(signIns);
if (share < 0.8) missed += 1;
console.log(
  `\na sign-in ${round(middle(signIns))} ms, of which argon2id ${round(middle(hashes))} ms: ${(share * 100).toFixed(0)} %   aim ≥ 80 %${share < 0.8 ? '   MISSED' : ''}`,
);

/**
 * Wrong passwords for addresses with and without an account, turn by turn, each from somewhere new; every address and its
 * count are there already, as after somebody's first try. Whoever measures from outside must not be able to tell them apart.
 */
const perKind = 200;
const people: string[] = [];
const strangers: string[] = [];
for (let n = 0; n < 50; n += 1) {
  people.push((await makePerson(owner, { passwordHash })).email);
  strangers.push(`${newId()}@example.com`);
}
const refused = { known: [] as number[], unknown: [] as number[] };
const said = { known: new Set<string>(), unknown: new Set<string>() };
let networks = 0;
async function refuse(kind: 'known' | 'unknown', email: string) {
  // Locks, captcha and limits belong to other measurements: each guess finds its account open.
  await owner.user.updateMany({ data: { failedLoginAttempts: 1, accountLockedUntil: null } });
  await owner.unknownSignIn.updateMany({ data: { failedLoginAttempts: 1, accountLockedUntil: null } });
  const desk = guestDesk({ ipAddress: `203.${networks >> 8}.${networks++ & 255}.9`, userAgent: 'bench' });
  const since = performance.now();
  const answer = await signIn(desk, { email, password: 'ten red herons' }).then(
    () => 'let in',
    (error: unknown) => (error instanceof Refusal ? JSON.stringify([error.message, error.fields]) : String(error)),
  );
  const took = performance.now() - since;
  return { kind, took, answer };
}
for (const [kind, emails] of [
  ['known', people],
  ['unknown', strangers],
] as const) {
  for (const email of emails) await refuse(kind, email);
}
for (let n = 0; n < perKind; n += 1) {
  const pair = [
    ['known', people[n % people.length] ?? ''],
    ['unknown', strangers[n % strangers.length] ?? ''],
  ] as const;
  for (const [kind, email] of n % 2 === 0 ? pair : pair.toReversed()) {
    const { took, answer } = await refuse(kind, email);
    refused[kind].push(took);
    said[kind].add(answer);
  }
}
const [there, notThere] = [middle(refused.known), middle(refused.unknown)];
const apart = Math.abs(there / notThere - 1);
const p = mannWhitney(refused.known, refused.unknown);
const [first] = said.known;
const isOneAnswer = said.known.size === 1 && said.unknown.size === 1 && said.unknown.has(first ?? '');
const isAlike = isOneAnswer && apart <= 0.1 && p > 0.01;
if (!isAlike) missed += 1;
console.log(
  `\na wrong password, ${perKind} times each: ${round(there)} ms with an account, ${round(notThere)} ms without, ${(apart * 100).toFixed(1)} % apart, Mann-Whitney p = ${p.toFixed(3)}, ${isOneAnswer ? 'one answer for all' : 'DIFFERENT ANSWERS'}   aim ≤ 10 %, p > 0.01${isAlike ? '' : '   MISSED'}`,
);

// A pool that has ended may still be hanging up while its database is dropped: that is no fault of the measurement.
database().pool.on('error', () => undefined);
await owner.$disconnect();
await database().prisma.$disconnect();
await database().pool.end();
await stop();
process.exitCode = missed > 0 ? 1 : 0;
