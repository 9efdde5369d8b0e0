/** The minutes of a month, counted from the calls that there were: what the next caller gets. */
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { loadLine } from '@/lib/businesses/load-line';
import { database } from '@/lib/platform/db';
import { enterByCall } from '@/lib/platform/enter';
import { testDatabase } from '@/tests/support/database';
import { freshSid, makeBusiness, makeCall, ownerClient } from '@/tests/support/rows';

const { owner: ownerUrl } = await testDatabase();
const owner = ownerClient(ownerUrl);
afterAll(async () => {
  await owner.$disconnect();
  await database().prisma.$disconnect();
  await database().pool.end();
});

const at = new Date('2026-11-21T20:00:00Z');
let business: Awaited<ReturnType<typeof makeBusiness>>;
beforeEach(async () => {
  business = await makeBusiness(owner);
  await owner.business.update({ where: { id: business.id }, data: { monthlyMinutesLimit: 30 } });
});

const called = async (seconds: number, { of = business.id, on = at } = {}) => {
  const { id } = await makeCall(owner, of, { startedAt: on });
  await owner.call.updateMany({ where: { id }, data: { secondsUsed: seconds, secondsCharged: seconds } });
};
const serviceNow = async () => {
  const nowhere = { ipAddress: null, userAgent: null };
  const line = await enterByCall(freshSid('CA'), nowhere, at, (visit) => loadLine(visit), {
    called: business.number,
  });
  return line?.service;
};

describe('the month’s minutes', () => {
  test('V2.3.2 are used up with the last second of them, by whatever calls: from then on callers leave a message', async () => {
    await called(29 * 60);
    await called(59);
    expect(await serviceNow()).toBe('full');
    await called(1);
    expect(await serviceNow()).toBe('message_only');
  });

  test('V2.3.2 are those of this month and of this business', async () => {
    const neighbour = await makeBusiness(owner);
    await called(30 * 60, { of: neighbour.id });
    await called(30 * 60, { on: new Date('2026-10-31T20:00:00Z') });
    expect(await serviceNow()).toBe('full');
    await called(30 * 60, { on: new Date('2026-11-01T20:00:00Z') });
    expect(await serviceNow()).toBe('message_only');
  });
});
