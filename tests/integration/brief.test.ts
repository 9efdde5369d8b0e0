/** What a caller waits for in the database: soon, whole or not at all, and whatever other visitors do. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { newId } from '@/lib/platform/clock';
import { database } from '@/lib/platform/db';
import { enterByCallBriefly } from '@/lib/platform/enter';
import { sql } from '@/lib/platform/sql';
import type { Brief, Line } from '@/lib/platform/visit';
import { testDatabase } from '@/tests/support/database';
import { makeBusiness, makeCall, ownerClient } from '@/tests/support/rows';

const { owner: ownerUrl } = await testDatabase();
const owner = ownerClient(ownerUrl);
const nowhere = { ipAddress: null, userAgent: null };
let business: Awaited<ReturnType<typeof makeBusiness>>;

beforeAll(async () => {
  business = await makeBusiness(owner);
});
afterAll(async () => {
  await owner.$disconnect();
  await database().prisma.$disconnect();
  await database().callers.end();
});

const makeOne = () => makeCall(owner, business.id);
const isUrgent = async (id: string) => (await owner.call.findFirstOrThrow({ where: { id } })).urgent;
const urge = ({ ask }: Brief<Line>, id: string) => ask(sql`UPDATE calls SET urgent = true WHERE id = ${id}::uuid`);
const on = <T>({ callSid }: { callSid: string }, run: (visit: Brief<Line>) => Promise<T>) =>
  enterByCallBriefly(callSid, nowhere, new Date(), run);

test('a caller is served while pages hold every connection that pages have', async () => {
  const call = await makeOne();
  const held = await Promise.all(Array.from({ length: 10 }, () => database().pool.connect()));
  try {
    await on(call, (visit) => urge(visit, call.id));
    expect(await isUrgent(call.id)).toBe(true);
  } finally {
    for (const client of held) client.release();
  }
});

test('what was written is committed with its entry in the trail, or neither is', async () => {
  const call = await makeOne();
  const entry = { action: 'call.create', resourceType: 'call', resourceId: call.id } as const;
  const failing = on(call, async (visit) => {
    await urge(visit, call.id);
    visit.record({ ...entry, resourceId: '\0' }); // PostgreSQL keeps no such text
  });
  await expect(failing).rejects.toThrow('the database did not do as it was asked');
  expect(await isUrgent(call.id)).toBe(false);
  await on(call, async (visit) => {
    await urge(visit, call.id);
    visit.record(entry);
  });
  expect(await isUrgent(call.id)).toBe(true);
  expect(await owner.auditLog.count({ where: { resourceId: call.id } })).toBe(1);
});

test('a statement that failed is not forgotten because somebody caught it', async () => {
  const call = await makeOne();
  const swallowing = on(call, async (visit) => {
    await urge(visit, call.id);
    await visit.ask(sql`SELECT 1 / 0`).catch(() => undefined);
  });
  await expect(swallowing).rejects.toThrow('a transaction was not committed');
  expect(await isUrgent(call.id)).toBe(false);
});

test('what the code throws is thrown, nothing stays, and the next caller finds a clean connection', async () => {
  const call = await makeOne();
  const mistake = new Error('a mistake');
  for (let time = 0; time < 10; time += 1) {
    const mistaken = on(call, async (visit) => {
      await urge(visit, call.id);
      throw mistake;
    });
    await expect(mistaken).rejects.toBe(mistake);
  }
  expect(await isUrgent(call.id)).toBe(false);
  const { rows } = await database().callers.query(
    `SELECT current_user, coalesce(current_setting('app.business_id', true), '') AS business`,
  );
  expect(rows).toEqual([{ current_user: 'app', business: '' }]);
});

test('a statement that hangs is given up in time, and its connection with it', async () => {
  const call = await makeOne();
  const since = performance.now();
  await expect(on(call, ({ ask }) => ask(sql`SELECT pg_sleep(5)::text`))).rejects.toMatchObject({
    name: 'DatabaseFailure',
  });
  expect(performance.now() - since).toBeLessThan(4_000);
  expect(await on(call, async ({ viewer }) => viewer.businessId)).toBe(business.id);
});

test('statements that are asked for together run in the order in which they were asked for', async () => {
  const call = await makeOne();
  const key = newId();
  const order = await on(call, ({ ask }) =>
    Promise.all([
      ask(sql`SELECT set_config('app.order', ${key}, true)`),
      ask<{ found: string }>(sql`SELECT current_setting('app.order') AS found`),
    ]),
  );
  expect(order?.[1]).toEqual([{ found: key }]);
});

test('a number that nobody owns, and a call that we do not have, open nothing', async () => {
  expect(await on({ callSid: `CA${'0'.repeat(32)}` }, async () => 'inside')).toBeNull();
});
