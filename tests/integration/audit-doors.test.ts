/** What comes to nothing leaves a trace all the same: one entry, with its reason and the ids that were named. */
import { NextRequest } from 'next/server';
import { encode } from 'next-auth/jwt';
import { afterAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { z } from 'zod';
import { action } from '@/lib/doors/action';
import { cron } from '@/lib/doors/cron';
import { download, page } from '@/lib/doors/page';
import { newId } from '@/lib/platform/clock';
import { database } from '@/lib/platform/db';
import { Refusal, TooMany } from '@/lib/platform/errors';
import type { Member, Visit } from '@/lib/platform/visit';
import { testDatabase } from '@/tests/support/database';
import { makeBusiness, makePerson, ownerClient } from '@/tests/support/rows';

const request = vi.hoisted(() => ({ cookie: '', origin: '' }));
vi.mock('next/headers', () => ({
  cookies: async () => ({ get: () => (request.cookie ? { value: request.cookie } : undefined) }),
  headers: async () =>
    new Headers({ origin: request.origin, 'x-forwarded-for': '192.0.2.7', 'user-agent': 'a browser' }),
}));
vi.mock('next/server', async (original) => ({
  ...(await original<object>()),
  connection: async () => {},
  after: () => {},
}));
vi.mock('next/navigation', () => {
  const leave = (where: string) => () => {
    throw new Error(`left for ${where}`);
  };
  return { redirect: leave('elsewhere'), notFound: leave('404'), forbidden: leave('403') };
});

const { owner: ownerUrl } = await testDatabase();
const owner = ownerClient(ownerUrl);
const id = newId();

let businessId: string;
let staff: Awaited<ReturnType<typeof makePerson>>;
beforeEach(async () => {
  request.origin = 'http://127.0.0.1:3000';
  businessId = (await makeBusiness(owner)).id;
  staff = await makePerson(owner, { member: { businessId, role: 'staff' } });
  request.cookie = await encode({ token: { sid: staff.sessionId }, secret: process.env.SECRET_KEY ?? '' });
});
afterAll(async () => {
  await owner.$disconnect();
  await database().prisma.$disconnect();
  await database().pool.end();
});

const trail = () => owner.auditLog.findMany({ where: { businessId }, orderBy: { id: 'asc' } });
const entry = (action: string, permission: string, reason: string, ids: readonly string[] = [id]) => ({
  businessId,
  userId: staff.id,
  action,
  resourceType: 'permission',
  resourceId: permission,
  ipAddress: '192.0.2.7',
  userAgent: 'a browser',
  details: { reason, ...(ids.length > 0 && { ids }) },
});

const formOf = (fields: Record<string, string>) => {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.set(name, value);
  return form;
};

/** Changes something, notes it, and then throws. */
const changeAnd = (error: Error) => async (visit: Visit<Member>) => {
  await visit.tx.call.updateMany({ where: { id }, data: { urgent: true } });
  visit.record({ action: 'call.update', resourceType: 'call', resourceId: id });
  throw error;
};

describe('an action', () => {
  test.each([
    ['broke', new Error('a secret thing happened'), 'fault'],
    ['was refused', new Refusal('Not like this.'), 'refused'],
    ['was tried too often', new TooMany(3), 'limited'],
  ])('V16.3.2 that %s leaves its own entry, and none of the change that was undone', async (_, error, reason) => {
    const perform = action({
      requirePermission: 'handle_calls',
      input: z.object({ id: z.uuid() }),
      run: changeAnd(error),
      done: () => ({}),
    });
    expect(await perform(null, formOf({ id, note: 'words' }))).toMatchObject({ ok: false });
    const entries = await trail();
    expect(entries).toMatchObject([entry('request.fail', 'handle_calls', reason)]);
    expect(JSON.stringify(entries)).not.toMatch(/words|secret/);
  });

  test('V16.3.2 of a form that was not filled in rightly, from another site, or not theirs, is one entry each', async () => {
    const of = (permission: 'handle_calls' | 'manage_settings') =>
      action({
        requirePermission: permission,
        input: z.object({ id: z.uuid(), name: z.string().max(3) }),
        run: async () => undefined,
        done: () => ({}),
      });
    await of('handle_calls')(null, formOf({ id, name: 'too long' }));
    expect(await trail()).toMatchObject([entry('request.fail', 'handle_calls', 'invalid', [])]);
    await of('manage_settings')(null, formOf({ id, name: 'x' }));
    request.origin = 'https://evil.example';
    await of('handle_calls')(null, formOf({ id, name: 'x' }));
    expect((await trail()).slice(1)).toMatchObject([
      entry('access.deny', 'manage_settings', 'forbidden'),
      entry('access.deny', 'handle_calls', 'another site'),
    ]);
  });
});

describe('a page', () => {
  const look = (permission: 'view_calls' | 'view_audit', run: () => Promise<unknown>, asked: object = { id }) => {
    const Page = page({
      requirePermission: permission,
      input: z.object({ id: z.uuid() }),
      load: run,
      render: () => null,
    });
    return Page({ params: Promise.resolve(asked as Record<string, string>), searchParams: Promise.resolve({}) });
  };

  test('V16.3.2 that is not theirs, is not there, or broke, is one entry each', async () => {
    await expect(look('view_audit', async () => null)).rejects.toThrow('left for 403');
    await expect(look('view_calls', async () => null, { id: 'nonsense' })).rejects.toThrow('left for 404');
    await expect(look('view_calls', () => Promise.reject(new Error('broken')))).rejects.toThrow('broken');
    expect(await trail()).toMatchObject([
      entry('access.deny', 'view_audit', 'forbidden'),
      entry('access.deny', 'view_calls', 'not found', []),
      entry('request.fail', 'view_calls', 'fault'),
    ]);
  });
});

test('V16.3.2 a download that is not theirs or is not there is one entry each', async () => {
  const of = (permission: 'view_calls' | 'view_audit') =>
    download({
      requirePermission: permission,
      input: z.object({ id: z.uuid() }),
      load: async () => null,
      respond: async () => new Response(),
    });
  const ask = (permission: 'view_calls' | 'view_audit', named: string) =>
    of(permission)(new NextRequest('http://127.0.0.1:3000/'), { params: Promise.resolve({ id: named }) });
  expect((await ask('view_audit', id)).status).toBe(403);
  expect((await ask('view_calls', 'nonsense')).status).toBe(404);
  expect(await trail()).toMatchObject([
    entry('access.deny', 'view_audit', 'forbidden'),
    entry('access.deny', 'view_calls', 'not found', []),
  ]);
});

test('V16.3.2 a job that somebody without the secret asked for, and one that failed, is one entry each', async () => {
  const handle = cron(() => Promise.reject(new Error('broken')));
  const ask = (job: string, authorization: string) =>
    handle(new NextRequest('http://127.0.0.1:3000/', { headers: { authorization, 'x-forwarded-for': '192.0.2.9' } }), {
      params: Promise.resolve({ job }),
    });
  expect((await ask('sweep', 'Bearer guess')).status).toBe(401);
  expect((await ask('made-up', 'Bearer guess')).status).toBe(401);
  expect((await ask('sweep', `Bearer ${process.env.CRON_SECRET}`)).status).toBe(500);
  const entries = await owner.auditLog.findMany({ where: { resourceType: 'job' }, orderBy: { id: 'asc' } });
  expect(entries).toMatchObject([
    { action: 'access.deny', resourceId: 'sweep', ipAddress: '192.0.2.9', details: { reason: 'wrong secret' } },
    { action: 'request.fail', resourceId: 'sweep', details: { reason: 'fault' } },
  ]);
});
