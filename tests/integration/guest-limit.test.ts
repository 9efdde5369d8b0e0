/** What the door does with work that somebody asks for who is not signed in: sent as a browser sends it. */
import { afterAll, expect, test, vi } from 'vitest';
import { z } from 'zod';
import { guestAction } from '@/lib/doors/action';
import { database } from '@/lib/platform/db';
import { testDatabase } from '@/tests/support/database';
import { ownerClient } from '@/tests/support/rows';

const request = vi.hoisted(() => ({ address: '' }));
vi.mock('next/server', () => ({ after: () => {} }));
vi.mock('next/headers', () => ({
  cookies: async () => ({ get: () => undefined, set: () => {} }),
  headers: async () => new Headers({ origin: 'http://127.0.0.1:3000', 'x-forwarded-for': request.address }),
}));
vi.mock('next/navigation', () => ({
  redirect: (path: string) => {
    throw new Error(`went to ${path}`);
  },
}));

const { owner: ownerUrl } = await testDatabase();
const owner = ownerClient(ownerUrl);
afterAll(async () => {
  await owner.$disconnect();
  await database().prisma.$disconnect();
  await database().pool.end();
});

let worked = 0;
const ask = guestAction({
  input: z.object({ wish: z.string().min(1) }),
  limit: 'anonymous',
  run: async () => {
    worked += 1;
    return { sessionId: '00000000-0000-7000-8000-000000000000' };
  },
  done: () => ({ redirect: '/done' }),
  keep: ['wish'],
});

/** Those asked at the same time come from one address. */
async function askFrom(address: string, wish = 'an account') {
  request.address = address;
  const form = new FormData();
  form.set('wish', wish);
  return ask(null, form).catch((error: Error) => ({ ok: true, message: error.message }));
}

test('V2.4.1 a network gets fifty wishes an hour and two hundred a day, and is then told to wait, once in the trail', async () => {
  const address = '2001:db8:0:7::1';
  const neighbour = '2001:db8:0:7:ffff::2'; // of the same /64
  const results = [
    ...(await Promise.all(Array.from({ length: 30 }, () => askFrom(address)))),
    ...(await Promise.all(Array.from({ length: 30 }, () => askFrom(neighbour)))),
  ];
  expect(results.filter((result) => result?.ok)).toHaveLength(50);
  expect(worked).toBe(50);
  expect(results.find((result) => !result?.ok)).toEqual({
    ok: false,
    message: 'That was too often. Wait 60 minutes, then try again.',
    values: { wish: 'an account' },
  });
  expect(await owner.auditLog.findMany({ where: { resourceType: 'limit' } })).toMatchObject([
    { action: 'access.deny', resourceId: 'anonymous-hour', ipAddress: expect.stringMatching(/^2001:db8:0:7:/) },
  ]);

  const endTheHour = () => owner.rateLimit.deleteMany({ where: { key: { startsWith: 'anonymous-hour:' } } });
  for (let hour = 2; hour <= 5; hour += 1) {
    await endTheHour();
    await Promise.all(Array.from({ length: 50 }, () => askFrom(address)));
  }
  expect(worked).toBe(200);
  await endTheHour();
  expect(await askFrom(address)).toMatchObject({ message: 'That was too often. Wait 24 hours, then try again.' });
  expect(await askFrom('2001:db8:0:8::1')).toMatchObject({ ok: true });
});

test('a form with a mistake in it is no wish', async () => {
  for (let tries = 0; tries < 60; tries += 1) await askFrom('192.0.2.9', '');
  expect(await askFrom('192.0.2.9')).toMatchObject({ ok: true });
});
