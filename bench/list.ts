/**
 * How long Today, Calls and Call take in a business with few calls and in one with many, through the use cases that the pages
 * call: `npm run bench -- list [few many] [--json]`. Both businesses lie in one database of its own, and are looked at turn by turn,
 * so that a busy machine is as busy for one as for the other.
 */
import '@/tests/support/environment';
import { cpus } from 'node:os';
import { loadFrame } from '@/lib/accounts/load-frame';
import { type CallsAsked, listCalls } from '@/lib/calls/list-calls';
import { listToday } from '@/lib/calls/list-today';
import { readCall } from '@/lib/calls/read-call';
import { newId, now } from '@/lib/platform/clock';
import { database } from '@/lib/platform/db';
import { enterBySession } from '@/lib/platform/enter';
import { seal } from '@/lib/platform/sealing';
import type { Member, Visit } from '@/lib/platform/visit';
import { writeCursor } from '@/lib/rules/list-cursor';
import { makeBusiness, makeCall, makePerson, ownerClient } from '@/tests/support/rows';
import { makeDatabase, openTestServer } from '@/tests/support/test-server';
import { isJson } from './figures';

/** The second at most so many times the first. */
const AIM = 1.2;
const RUNS = 101;
const WARM_UP = 10;
/** Calls that wait, in either: a business works its list off, however long it has been there. */
const WAITING = 40;
const caller = '+14155550199';

const say = (line: string) => (isJson ? undefined : console.log(line));
const [few = 1_000, many = 1_000_000] = process.argv
  .slice(3)
  .flatMap((word) => (/^\d+$/.test(word) ? [Number(word)] : []));
const { server, stop } = await openTestServer('bench');
const { owner: url } = await makeDatabase(server);
const owner = ownerClient(url);

type World = { readonly count: number; readonly sessionId: string; readonly callId: string; readonly middle: string };

/** A business with a year of calls behind it: most left a message, and were heard and called back. */
async function makeWorld(count: number): Promise<World> {
  const { id: businessId } = await makeBusiness(owner);
  const ana = await makePerson(owner, { member: { businessId, role: 'business_owner' } });
  const sealed = Buffer.from(seal('Call', { businessId, id: newId(), wanted: 'Please call.' }).wanted);
  const step = 50_000;
  for (let from = 0; from < count; from += step) {
    await owner.$executeRaw`
      WITH new AS (
        INSERT INTO calls (business_id, id, call_sid, type, status, intent, urgent, called_number, started_at, ended_at,
          seconds_used, seconds_charged, uncharged, heard_at, heard_by, called_back_at, called_back_by)
        SELECT ${businessId}::uuid, gen_random_uuid(), 'CA' || md5(${businessId} || n), 'inbound',
          (CASE WHEN n % 1000 = 1 THEN 'failed' WHEN n % 50 = 2 THEN 'rejected' WHEN n % 10 < 3 THEN 'forwarded' WHEN n % 10 = 3 THEN 'missed'
            ELSE 'completed' END)::call_status,
          (CASE WHEN n % 10 < 3 THEN 'forwarded' WHEN n % 10 = 3 THEN 'none' WHEN n % 10 = 4 THEN 'hours' ELSE 'message' END)::call_intent,
          n % 500 = 7, '+12125550100', at, at + interval '40 seconds', 40, CASE WHEN n % 50 = 2 THEN 0 ELSE 40 END,
          (CASE WHEN n % 50 = 2 THEN 'robot' END)::uncharged,
          at + interval '1 hour', ${ana.id}::uuid, at + interval '2 hours', ${ana.id}::uuid
        FROM (SELECT n, now() - interval '1 hour' - n * interval '365 days' / ${count}::int AS at
          FROM generate_series(${from + 1}::int, ${Math.min(count, from + step)}::int) n) one
        RETURNING id, started_at)
      INSERT INTO call_events (business_id, id, call_id, key, kind, said, at)
      SELECT ${businessId}::uuid, gen_random_uuid(), id, 'greeted', 'greeted', ${sealed}, started_at FROM new WHERE random() < 0.2`;
  }
  // These can be opened: what stands on the pages' first rows, and one caller.
  for (let n = 0; n < WAITING; n += 1)
    await makeCall(owner, businessId, { startedAt: new Date(Date.now() - n * 60_000), callerNumber: caller });
  const { id: callId } = await makeCall(owner, businessId, { startedAt: new Date(Date.now() - 1_000_000) });
  const middle = writeCursor({ at: new Date(Date.now() - 182 * 86_400_000), id: newId() });
  return { count, sessionId: ana.sessionId, callId, middle };
}

const list = (visit: Visit<Member>, more: Partial<CallsAsked> = {}) =>
  listCalls(visit, { show: 'all', status: null, caller: null, ...more });
/** What the pages load, by what they show. */
const pages: Readonly<Record<string, (visit: Visit<Member>, world: World) => Promise<unknown>>> = {
  Today: (visit) => listToday(visit),
  Calls: (visit) => list(visit),
  'Calls, half a year back': (visit, { middle }) => list(visit, { before: middle }),
  'Calls not listened to': (visit) => list(visit, { show: 'unheard' }),
  'Calls to call back': (visit) => list(visit, { show: 'to_call_back' }),
  'Calls, urgent': (visit) => list(visit, { show: 'urgent' }),
  'Calls, spam': (visit) => list(visit, { show: 'spam' }),
  'Calls broken off': (visit) => list(visit, { status: 'failed' }),
  'Calls put through': (visit) => list(visit, { status: 'forwarded' }),
  'Calls of one caller': (visit, { callId }) => list(visit, { caller: callId }),
  Call: (visit, { callId }) => readCall(visit, { id: callId }),
};

/** Milliseconds that a page takes on the server before it renders: entering, what it shows, its frame, the trail, the commit. */
async function time(page: (visit: Visit<Member>, world: World) => Promise<unknown>, world: World): Promise<number> {
  const from = performance.now();
  await enterBySession(world.sessionId, { ipAddress: '192.0.2.1', userAgent: 'bench' }, now(), async (visit) => {
    await page(visit as Visit<Member>, world);
    await loadFrame(visit);
  });
  return performance.now() - from;
}

const middleOf = (times: readonly number[]): number =>
  times.toSorted((a, b) => a - b)[Math.floor(times.length / 2)] ?? 0;

say(`Writing ${(few + many).toLocaleString('en-GB')} calls …`);
const worlds = [await makeWorld(few), await makeWorld(many)] as const;
await owner.$executeRawUnsafe('VACUUM (ANALYZE) calls, call_events');
const sizes = worlds.map(({ count }) => count.toLocaleString('en-GB').padStart(11)).join('');
say(`\nMilliseconds, the middle of ${RUNS}, turn by turn; aim: the second at most ${AIM} times the first`);
say(`${''.padEnd(26)}${sizes}   ratio`);
const measured: { page: string; few: number; many: number; ratio: number }[] = [];
for (const [what, page] of Object.entries(pages)) {
  const times: [number[], number[]] = [[], []];
  for (let n = 0; n < WARM_UP + RUNS; n += 1)
    for (const [place, world] of worlds.entries()) {
      const taken = await time(page, world);
      if (n >= WARM_UP) times[place]?.push(taken);
    }
  const [small, large] = [middleOf(times[0]), middleOf(times[1])];
  const ratio = large / small;
  measured.push({ page: what, few: small, many: large, ratio });
  const figures = [small, large].map((milliseconds) => milliseconds.toFixed(1).padStart(11)).join('');
  say(`${what.padEnd(26)}${figures}   ${ratio.toFixed(2)}${ratio > AIM ? '  MISSED' : ''}`);
}

if (isJson) {
  const machine = `${cpus()[0]?.model ?? 'unknown'}, ${cpus().length} cores, Node ${process.version}`;
  console.log(JSON.stringify({ machine, calls: { few, many }, aim: AIM, milliseconds: measured }));
}

// A pool that has ended may still be hanging up while its database is dropped: that is no fault of the measurement.
database().pool.on('error', () => undefined);
await owner.$disconnect();
await database().prisma.$disconnect();
await database().pool.end();
await stop();
process.exitCode = measured.some(({ ratio }) => ratio > AIM) ? 1 : 0;
