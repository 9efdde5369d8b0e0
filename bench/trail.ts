/**
 * How long a search of the trail takes, through the use cases that the pages call: `npm run bench -- trail
 * [entries]`. Makes a database of its own and drops it.
 */
import '@/tests/support/environment';
import { type AuditPage, auditPage } from '@/lib/audit/filters';
import { listEntries } from '@/lib/audit/list-entries';
import { listPlatformEntries } from '@/lib/audit/list-platform-entries';
import { newId } from '@/lib/platform/clock';
import { database } from '@/lib/platform/db';
import { enterBySession } from '@/lib/platform/enter';
import type { Member, Operator, Visit } from '@/lib/platform/visit';
import { makeBusiness, makePerson, ownerClient } from '@/tests/support/rows';
import { makeDatabase, openTestServer } from '@/tests/support/test-server';

const count = Number(process.argv[3] ?? 1_000_000);
const runs = 15;
const { server, stop } = await openTestServer('bench');
const { owner: url } = await makeDatabase(server);
const owner = ownerClient(url);
const nowhere = { ipAddress: '192.0.2.1', userAgent: 'bench' };

const { id: businessId } = await makeBusiness(owner);
const ana = await makePerson(owner, { member: { businessId, role: 'business_owner' } });
const admin = await makePerson(owner, { role: 'admin' });
const others = Array.from({ length: 200 }, newId);
const call = newId();

console.log(`writing ${count.toLocaleString('en-GB')} entries, one in five of one business …`);
const step = 100_000;
const began = performance.now();
for (let from = 0; from < count; from += step) {
  await owner.$executeRaw`
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
      now() - n * interval '63 seconds' * (1000000.0 / ${count})
    FROM generate_series(${from + 1}::int, ${Math.min(count, from + step)}::int) n`;
}
console.log(`… ${(((performance.now() - began) * 1000) / count).toFixed(0)} µs an entry, all indexes included`);
await owner.$executeRaw`ANALYZE audit_logs`;

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
const look = (asked: Partial<AuditPage>) =>
  enterBySession(ana.sessionId, nowhere, new Date(), (visit) =>
    listEntries(visit as Visit<Member>, auditPage.parse(asked)),
  );
const lookAround = (asked: Partial<AuditPage>) =>
  enterBySession(
    admin.sessionId,
    nowhere,
    new Date(),
    (visit) => listPlatformEntries(visit as Visit<Operator>, auditPage.parse(asked)),
    'operator',
  );

/** Milliseconds in the middle and at the worst. */
async function measure(run: () => Promise<unknown>): Promise<string> {
  const taken: number[] = [];
  for (let n = 0; n < runs; n++) {
    const from = performance.now();
    await run();
    taken.push(performance.now() - from);
  }
  const sorted = taken.toSorted((a, b) => a - b);
  return `${sorted[Math.floor(runs / 2)]?.toFixed(0)} ms (worst ${sorted.at(-1)?.toFixed(0)})`;
}

for (const [what, asked] of Object.entries(searches)) {
  console.log(
    `${what.padEnd(44)} business ${(await measure(() => look(asked))).padEnd(22)} platform ${await measure(() => lookAround(asked))}`,
  );
}
const sizes = await owner.$queryRaw<{ what: string; size: string }[]>`
  SELECT relname AS what, pg_size_pretty(pg_relation_size(oid)) AS size FROM pg_class
  WHERE relname LIKE 'audit_logs%' ORDER BY pg_relation_size(oid) DESC`;
for (const { what, size } of sizes) console.log(`${what.padEnd(56)}${size}`);

// A pool that has ended may still be hanging up while its database is dropped: that is no fault of the measurement.
database().pool.on('error', () => undefined);
await owner.$disconnect();
await database().prisma.$disconnect();
await database().pool.end();
await stop();
