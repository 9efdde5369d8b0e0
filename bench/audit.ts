/**
 * How long it takes to search the trail, through the use cases that the pages call, to seal it and to verify it: `npm run
 * bench -- audit [entries …]`. Makes a database of its own, which grows from each size to the next, and drops it.
 */
import '@/tests/support/environment';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type AuditPage, auditPage } from '@/lib/audit/filters';
import { listEntries } from '@/lib/audit/list-entries';
import { listPlatformEntries } from '@/lib/audit/list-platform-entries';
import { sealTrail } from '@/lib/audit/seal-trail';
import { verifyTrail } from '@/lib/audit/verify-trail';
import { newId, now } from '@/lib/platform/clock';
import { database } from '@/lib/platform/db';
import { enterAsSystem, enterBySession } from '@/lib/platform/enter';
import { storage } from '@/lib/platform/storage';
import type { Member, Operator, Visit } from '@/lib/platform/visit';
import { makeBusiness, makePerson, ownerClient } from '@/tests/support/rows';
import { makeDatabase, openTestServer } from '@/tests/support/test-server';

/** Milliseconds, at every size. */
const AIM = 50;
const RUNS = 15;
const asked = process.argv.slice(3).map(Number);
const sizes = (asked.length > 0 ? asked : [100_000, 1_000_000]).toSorted((a, b) => a - b);
const folder = mkdtempSync(path.join(tmpdir(), 'bench-'));
const { server, stop } = await openTestServer('bench');
const { owner: url } = await makeDatabase(server);
const owner = ownerClient(url);
const nowhere = { ipAddress: '192.0.2.1', userAgent: 'bench' };
process.chdir(folder); // the store is there

const { id: businessId } = await makeBusiness(owner);
const ana = await makePerson(owner, { member: { businessId, role: 'business_owner' } });
const admin = await makePerson(owner, { role: 'admin' });
const others = Array.from({ length: 200 }, newId);
const call = newId();

/** Entries of two years, one in five of one business, on the list of what is to be sealed. */
async function write(from: number, until: number): Promise<void> {
  const step = 50_000;
  for (let n = from; n < until; n += step) {
    await owner.$executeRaw`
      WITH written AS (
        INSERT INTO audit_logs (id, business_id, user_id, action, resource_type, resource_id, ip_address, user_agent, details, timestamp)
        SELECT gen_random_uuid(),
          CASE WHEN n % 5 = 0 THEN ${businessId}::uuid ELSE (${others}::uuid[])[1 + n % 200] END,
          CASE WHEN n % 7 = 0 THEN NULL WHEN n % 35 = 5 THEN ${ana.id}::uuid ELSE (${others}::uuid[])[1 + (n * 31) % 200] END,
          CASE WHEN n % 1000 = 0 THEN 'access.deny' WHEN n % 10 = 0 THEN 'call.update' WHEN n % 10 = 1 THEN 'session.create' ELSE 'call.read' END,
          CASE WHEN n % 1000 = 0 THEN 'permission' WHEN n % 10 = 1 THEN 'session' ELSE 'call' END,
          CASE WHEN n % 20000 = 0 THEN ${call} WHEN n % 10 < 2 THEN gen_random_uuid()::text END,
          '192.0.2.1', 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0',
          CASE WHEN n % 10 < 2 THEN '{}'::jsonb
            ELSE jsonb_build_object('ids', jsonb_build_array(gen_random_uuid(), gen_random_uuid(), gen_random_uuid(), gen_random_uuid(),
              CASE WHEN n % 5000 = 5 THEN ${call} ELSE gen_random_uuid()::text END)) END,
          now() - (n - ${from}::int) * interval '730 days' / ${until - from}::int
        FROM generate_series(${n + 1}::int, ${Math.min(until, n + step)}::int) n
        RETURNING business_id, id)
      INSERT INTO audit_unsealed SELECT business_id, id FROM written`;
  }
  await owner.$executeRaw`ANALYZE audit_logs`;
}

const day = (ago: number) => new Date(Date.now() - ago * 86_400_000).toISOString().slice(0, 16);
const searches: Readonly<Record<string, Partial<AuditPage>>> = {
  'nothing in particular': {},
  'a person': { who: ana.id },
  'nobody signed in': { who: 'nobody' },
  'a rare action': { action: 'access.deny' },
  'a kind of thing': { type: 'permission' },
  'an action that never was': { action: 'moon.fly' },
  'one thing: who opened it, who changed it': { about: call },
  'a week of a year ago': { from: day(372), until: day(365) },
  'a person, an action and a time': { who: ana.id, action: 'call.read', from: day(400), until: day(300) },
};
const look = (page: Partial<AuditPage>) =>
  enterBySession(ana.sessionId, nowhere, now(), (visit) => listEntries(visit as Visit<Member>, auditPage.parse(page)));
const lookAround = (page: Partial<AuditPage>) =>
  enterBySession(
    admin.sessionId,
    nowhere,
    now(),
    (visit) => listPlatformEntries(visit as Visit<Operator>, auditPage.parse(page)),
    'operator',
  );

async function time(run: () => Promise<unknown>): Promise<number> {
  const from = performance.now();
  await run();
  return performance.now() - from;
}

let missed = 0;
/** Milliseconds in the middle and at the worst. */
async function measure(run: () => Promise<unknown>): Promise<string> {
  const taken: number[] = [];
  for (let n = 0; n < RUNS; n++) taken.push(await time(run));
  const sorted = taken.toSorted((a, b) => a - b);
  const middle = sorted[Math.floor(RUNS / 2)] ?? 0;
  if (middle >= AIM) missed += 1;
  return `${middle.toFixed(0)} ms (worst ${sorted.at(-1)?.toFixed(0)})${middle < AIM ? '' : ' MISSED'}`;
}

const asSystem = <T>(run: Parameters<typeof enterAsSystem<T>>[1]) => enterAsSystem(now(), run);
const run = { id: newId(), isDryRun: false, signal: new AbortController().signal, asSystem };
let entries = 0;
for (const size of sizes) {
  const more = size - entries;
  /** What was done to so many entries. */
  const each = (milliseconds: number, of: number) =>
    `${(milliseconds / 1000).toFixed(1)} s, ${((milliseconds * 1000) / of).toFixed(0)} µs an entry`;
  console.log(`\n${size.toLocaleString('en-GB')} entries`);
  console.log(`writing ${more}: ${each(await time(() => write(entries, size)), more)}`);
  entries = size;
  console.log(`sealing ${more}: ${each(await time(() => sealTrail(run)), more)}`);
  let fault: unknown;
  const verifying = await time(async () => {
    ({ fault } = await verifyTrail(asSystem, storage('backups')));
  });
  console.log(`verifying all: ${each(verifying, size)}, memory ${(process.memoryUsage.rss() / 1e6).toFixed(0)} MB`);
  if (fault !== null) throw new Error('what was just sealed did not verify');
  await owner.$executeRaw`VACUUM ANALYZE audit_unsealed`;
  console.log(`first page of a search, in the middle of ${RUNS}, aim < ${AIM} ms:`);
  for (const [what, page] of Object.entries(searches)) {
    const business = (await measure(() => look(page))).padEnd(24);
    console.log(`  ${what.padEnd(42)} business ${business} platform ${await measure(() => lookAround(page))}`);
  }
}
const tables = await owner.$queryRaw<{ what: string; size: string; indexes: string }[]>`
  SELECT relname AS what, pg_size_pretty(pg_table_size(oid)) AS size, pg_size_pretty(pg_indexes_size(oid)) AS indexes
  FROM pg_class WHERE relname LIKE 'audit_%' AND relkind = 'r' ORDER BY pg_total_relation_size(oid) DESC`;
for (const { what, size, indexes } of tables) console.log(`${what.padEnd(20)}${size}, indexes ${indexes}`);

// A pool that has ended may still be hanging up while its database is dropped: that is no fault of the measurement.
database().pool.on('error', () => undefined);
await owner.$disconnect();
await database().prisma.$disconnect();
await database().pool.end();
await stop();
rmSync(folder, { recursive: true });
process.exitCode = missed > 0 ? 1 : 0;
