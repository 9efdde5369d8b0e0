/** The trail as a file: whole, safe to open, of bounded size in memory, and itself on the trail. */
import { NextRequest } from 'next/server';
import { encode } from 'next-auth/jwt';
import { afterAll, beforeEach, expect, test, vi } from 'vitest';
import { GET } from '@/app/api/audit/route';
import { GET as GET_PLATFORM } from '@/app/api/platform-audit/route';
import type { Prisma } from '@/lib/generated/prisma/client';
import { newId } from '@/lib/platform/clock';
import { database } from '@/lib/platform/db';
import { readCsv, unguarded } from '@/tests/support/csv';
import { testDatabase } from '@/tests/support/database';
import { makeBusiness, makePerson, ownerClient } from '@/tests/support/rows';

const browser = vi.hoisted(() => ({ cookie: '' }));
vi.mock('next/headers', () => ({
  headers: async () => new Headers(),
  cookies: async () => ({ get: () => (browser.cookie ? { value: browser.cookie } : undefined) }),
}));

const { owner: ownerUrl } = await testDatabase();
const owner = ownerClient(ownerUrl);

let business: Awaited<ReturnType<typeof makeBusiness>>;
let ana: Awaited<ReturnType<typeof makePerson>>;
beforeEach(async () => {
  business = await makeBusiness(owner);
  ana = await makePerson(owner, { member: { businessId: business.id, role: 'business_owner' } });
  await signInAs(ana.sessionId);
});
afterAll(async () => {
  await owner.$disconnect();
  await database().prisma.$disconnect();
  await database().pool.end();
});

const signInAs = async (sid: string) => {
  browser.cookie = await encode({ token: { sid }, secret: process.env.SECRET_KEY ?? '' });
};
const ask = (query: string, handler = GET) =>
  handler(new NextRequest(`http://127.0.0.1:3000/api/audit?${query}`), { params: Promise.resolve({}) });
const write = (row: Partial<Prisma.AuditLogCreateManyInput>) =>
  owner.auditLog.create({
    data: {
      id: newId(),
      businessId: business.id,
      userId: ana.id,
      action: 'call.read',
      resourceType: 'call',
      timestamp: new Date(Date.now() - 60_000),
      ...row,
    },
  });
/** `count` entries of the past, an hour and more ago. */
const fill = (count: number) => owner.$executeRaw`
  INSERT INTO audit_logs (id, business_id, user_id, action, resource_type, user_agent, details, timestamp)
  SELECT gen_random_uuid(), ${business.id}::uuid, ${ana.id}::uuid, 'call.read', 'call', repeat('x', 200),
    jsonb_build_object('ids', jsonb_build_array(gen_random_uuid())), now() - interval '1 hour' - n * interval '1 second'
  FROM generate_series(1, ${count}) n`;

test('V1.2.10 what a stranger sent as their browser reaches no spreadsheet as a formula, and comes back as it was', async () => {
  const agents = [
    '=HYPERLINK("http://evil.example","x")',
    '+1',
    '-2+3',
    '@SUM(1)',
    '\t=1',
    '\r=1',
    '＝1＋1',
    '＠x',
    "'=1",
    '",=1',
  ];
  for (const userAgent of agents) await write({ userAgent });
  const text = (await (await ask('format=csv&action=call.read')).text()).replace('\uFEFF', '');
  const [head = [], ...rows] = readCsv(text);
  const cells = rows.map((row) => row[head.indexOf('user_agent')] ?? '');
  expect(cells.map(unguarded).toSorted()).toEqual(agents.toSorted());
  for (const cell of rows.flat()) expect(cell).not.toMatch(/^[\s\p{Cc}\p{Cf}]*[=+\-@＝＋－＠]/u);
});

test('both forms hold the same entries: those that the filters find, newest first, with names of colleagues', async () => {
  const callId = newId();
  await write({ action: 'call.update', resourceId: callId, timestamp: new Date('2026-01-02T03:04:05.678Z') });
  await write({ action: 'call.read', details: { ids: [callId] }, timestamp: new Date('2026-01-03T00:00:00Z') });
  await write({});
  const lines = (await (await ask(`format=jsonl&about=${callId}`)).text()).trim().split('\n');
  const entries = lines.map((line) => JSON.parse(line));
  expect(entries).toMatchObject([
    { action: 'call.read', details: { ids: [callId] } },
    { action: 'call.update', user_id: ana.id, user_name: 'Somebody', time: '2026-01-01T22:04:05.678-05:00' },
  ]);
  const csv = readCsv((await (await ask(`format=csv&about=${callId}`)).text()).replace('\uFEFF', ''));
  expect(csv[0]).toEqual(Object.keys(entries[0]));
  expect(csv.slice(1).map((row) => row.at(-1))).toEqual(entries.map(({ id }) => id));
});

test('V14.3.2 is kept by nobody on the way, and has a name that says nothing of the business', async () => {
  const response = await ask('format=csv');
  expect(Object.fromEntries(response.headers)).toMatchObject({
    'cache-control': 'private, no-store',
    'content-type': 'text/csv; charset=utf-8',
    'content-disposition': expect.stringMatching(/^attachment; filename="audit-\d{4}-\d{2}-\d{2}\.csv"$/),
    'x-content-type-options': 'nosniff',
  });
  await response.body?.cancel();
});

test('taking it away is an entry, written before the first line leaves: the filters by name, never by value', async () => {
  const response = await ask('format=jsonl&about=secret&action=call.read');
  await response.body?.cancel();
  const entries = await owner.auditLog.findMany({ where: { businessId: business.id } });
  expect(entries).toMatchObject([
    { action: 'audit.export', resourceId: 'jsonl', userId: ana.id, details: { fields: ['action', 'about'] } },
  ]);
  expect(JSON.stringify(entries)).not.toContain('secret');
});

test('V8.4.1 holds nothing of another business', async () => {
  const next = await makeBusiness(owner);
  await write({ businessId: next.id });
  await write({ businessId: null });
  await write({});
  const lines = (await (await ask(`format=jsonl&business=${next.id}`)).text()).trim().split('\n');
  expect(lines.map((line) => JSON.parse(line).business_id)).toEqual([business.id, business.id]);
});

test('fifty thousand entries leave as fast as they are taken, with no transaction open in between and little in memory', async () => {
  await fill(50_000);
  const response = await ask('format=jsonl&action=call.read');
  const reader = response.body?.getReader();
  if (!reader) throw new Error('no body');
  const seen = new Set<string>();
  let largest = 0;
  let open = 0;
  let rest = '';
  for (let { value, done } = await reader.read(); !done; { value, done } = await reader.read()) {
    largest = Math.max(largest, value?.byteLength ?? 0);
    const lines = (rest + Buffer.from(value ?? []).toString('utf8')).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) seen.add(JSON.parse(line).id);
    const [busy] = await owner.$queryRaw<{ count: number }[]>`
      SELECT count(*)::int FROM pg_stat_activity WHERE datname = current_database() AND usename = 'app' AND state <> 'idle'`;
    open = Math.max(open, busy?.count ?? 0);
  }
  expect(seen.size).toBe(50_000);
  expect(rest).toBe('');
  expect(open).toBe(0);
  // A batch is what is in memory; the whole is more than thirty megabytes.
  expect(largest).toBeLessThan(1_000_000);
});

test('a reader who stops asks the database for nothing more', async () => {
  await fill(5_000);
  const response = await ask('format=csv&action=call.read');
  const queries = vi.spyOn(database().prisma, '$transaction');
  const reader = response.body?.getReader();
  await reader?.read(); // the head
  await reader?.read();
  await reader?.cancel();
  expect(queries).toHaveBeenCalledTimes(1);
});

test('breaks off once the session has been revoked, also in the middle', async () => {
  await fill(5_000);
  const response = await ask('format=jsonl&action=call.read');
  const reader = response.body?.getReader();
  await reader?.read();
  await owner.session.update({ where: { id: ana.sessionId }, data: { revokedAt: new Date() } });
  await expect(reader?.read()).rejects.toThrow('the session has ended');
});

test('V8.3.2 breaks off once the permission is gone, also in the middle', async () => {
  await fill(5_000);
  const response = await ask('format=jsonl&action=call.read');
  const reader = response.body?.getReader();
  await reader?.read();
  await makePerson(owner, { member: { businessId: business.id, role: 'business_owner' } }); // there must be one
  await owner.membership.updateMany({ where: { userId: ana.id }, data: { role: 'staff' } });
  await expect(reader?.read()).rejects.toThrow();
});

test('the platform’s is the operator’s alone, with every business in it and without anybody’s name', async () => {
  await write({});
  expect((await ask('format=jsonl', GET_PLATFORM)).status).toBe(403);
  await signInAs((await makePerson(owner, { role: 'admin' })).sessionId);
  expect((await ask('format=jsonl')).status).toBe(403);
  const text = await (await ask(`format=jsonl&who=${ana.id}&action=call.read`, GET_PLATFORM)).text();
  expect(JSON.parse(text)).toMatchObject({ business_id: business.id, user_id: ana.id, user_name: null });
});

test('in no other form', async () => {
  expect((await ask('format=xlsx')).status).toBe(404);
  expect((await ask('')).status).toBe(404);
});
