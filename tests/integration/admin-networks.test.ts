/** With a list of networks for admins, whatever an admin asks from elsewhere is denied, and noted. */
import { NextRequest } from 'next/server';
import { encode } from 'next-auth/jwt';
import { afterAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { z } from 'zod';
import { becomeAdmin } from '@/lib/accounts/administration/become-admin';
import { signIn } from '@/lib/accounts/sign-in/sign-in';
import { action } from '@/lib/doors/action';
import { guestDesk } from '@/lib/doors/guest';
import { originOf } from '@/lib/doors/origin';
import { download, page } from '@/lib/doors/page';
import { mayComeFrom } from '@/lib/platform/admin-networks';
import { database } from '@/lib/platform/db';
import { EnvError, parseEnv } from '@/lib/platform/env';
import { hashPassword } from '@/lib/platform/password';
import { solvedCaptcha } from '@/tests/support/captcha';
import { testDatabase } from '@/tests/support/database';
import { makeBusiness, makePerson, ownerClient } from '@/tests/support/rows';

process.env.ADMIN_IP_ALLOWLIST = '192.0.2.0/24, 198.51.100.9, 2001:db8::/32';

const request = vi.hoisted(() => ({ cookie: '', forwarded: '' }));
vi.mock('next/headers', () => ({
  cookies: async () => ({ get: () => (request.cookie ? { value: request.cookie } : undefined) }),
  headers: async () => new Headers({ origin: 'http://127.0.0.1:3000', 'x-forwarded-for': request.forwarded }),
}));
vi.mock('next/cache', () => ({ revalidatePath: () => {} }));
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
const password = 'nine grey herons';
const passwordHash = await hashPassword(password);

let admin: Awaited<ReturnType<typeof makePerson>>;
beforeEach(async () => {
  admin = await makePerson(owner, { role: 'admin', passwordHash });
  await visitAs(admin.sessionId, '192.0.2.7');
});
afterAll(async () => {
  await owner.$disconnect();
  await database().prisma.$disconnect();
  await database().pool.end();
});

async function visitAs(sessionId: string, forwarded: string) {
  request.forwarded = forwarded;
  request.cookie = await encode({ token: { sid: sessionId }, secret: process.env.SECRET_KEY ?? '' });
}

const nothing = z.object({});
const doors = {
  'a page of the platform': async () => {
    const Page = page({ requirePermission: 'view_platform', load: async () => null, render: () => 'shown' });
    return (await Page({ params: Promise.resolve({}), searchParams: Promise.resolve({}) })) === 'shown';
  },
  'their own account': async () => {
    const Page = page({ requireAuth: true, load: async () => null, render: () => 'shown' });
    return (await Page({ params: Promise.resolve({}), searchParams: Promise.resolve({}) })) === 'shown';
  },
  'a change': async () => {
    const change = action({
      requirePermission: 'manage_accounts',
      input: nothing,
      run: async (visit) => visit.record({ action: 'test.change', resourceType: 'test' }),
      done: () => ({}),
    });
    return (await change(null, new FormData()))?.ok === true;
  },
  'a download': async () => {
    const get = download({
      requirePermission: 'view_platform',
      input: nothing,
      load: async () => null,
      respond: async () => new Response(),
    });
    const answer = await get(new NextRequest('http://127.0.0.1:3000/'), { params: Promise.resolve({}) });
    return answer.ok;
  },
};

describe.each(Object.entries(doors))('%s', (_name, opens) => {
  test('opens to an admin from a network on the list', async () => {
    for (const address of ['192.0.2.255', '198.51.100.9', '2001:db8:1::5', '::ffff:192.0.2.9']) {
      request.forwarded = address;
      expect(await opens(), address).toBe(true);
    }
  });

  test('is closed to an admin from anywhere else, whatever the first hops say, with a line in the trail', async () => {
    for (const address of ['192.0.3.1', '198.51.100.10', '2001:db9::1', '', 'nonsense', '192.0.2.7, 203.0.113.1']) {
      request.forwarded = address;
      expect(await opens().catch((error: Error) => error.message === 'left for 403' && false), address).toBe(false);
    }
    const entries = await owner.auditLog.findMany({ where: { userId: admin.id, action: 'access.deny' } });
    expect(entries).toHaveLength(6);
    for (const { details } of entries) expect(details).toEqual({ reason: 'network' });
  });
});

test('an owner comes from anywhere', async () => {
  const { id: businessId } = await makeBusiness(owner);
  const person = await makePerson(owner, { member: { businessId, role: 'business_owner' } });
  await visitAs(person.sessionId, '203.0.113.1');
  const Page = page({ requirePermission: 'view_calls', load: async () => null, render: () => 'shown' });
  expect(await Page({ params: Promise.resolve({}), searchParams: Promise.resolve({}) })).toBe('shown');
});

describe('the sign-in of an admin', () => {
  beforeEach(async () => {
    admin = await makePerson(owner, { role: 'admin', passwordHash, secondFactor: 'off' });
  });
  const from = (address: string) => guestDesk(originOf(new Headers({ 'x-forwarded-for': address })));
  const answer = async (address: string, typed: string) =>
    signIn(from(address), { email: admin.email, password: typed, captcha: await solvedCaptcha() }).then(
      () => 'in',
      (error: Error) => error.message,
    );

  test('is refused from elsewhere in the words for a wrong password, and noted', async () => {
    const wrong = await answer('203.0.113.8', 'not the password');
    expect(await answer('203.0.113.9', password)).toBe(wrong);
    expect(await answer('192.0.2.7', password)).toBe('in');
    const denied = await owner.auditLog.findMany({
      where: { userId: admin.id, action: 'session.deny' },
      orderBy: { id: 'asc' },
    });
    expect(denied.map(({ details }) => Object(details).reason)).toEqual(['wrong', 'network']);
  });

  test('is not prepared from elsewhere either: the link that makes one does not work there', async () => {
    const choice = { token: 'whatever', name: 'Ada', password: 'a lamp above the weir' };
    await expect(becomeAdmin(from('203.0.113.8'), choice)).rejects.toThrow(/no longer works/);
    expect(await owner.auditLog.findFirst({ where: { action: 'account.deny' } })).toMatchObject({
      details: { reason: 'network' },
    });
  });
});

test('a list that is none stops the start, with one line that says how to write it', () => {
  const complaint = (ADMIN_IP_ALLOWLIST: string) => {
    try {
      parseEnv({ ...process.env, ADMIN_IP_ALLOWLIST });
      return null;
    } catch (error) {
      return error instanceof EnvError ? error.message : error;
    }
  };
  for (const wrong of [
    'office',
    ',',
    '192.0.2.0/33',
    '2001:db8::/129',
    '192.0.2.1,',
    '192.0.2.0/',
    '192.0.2.0/8/8',
    '1.2.3',
    'fe80::1%eth0',
    '192.0.2.0/-1',
  ])
    expect(complaint(wrong), wrong).toMatch(/^ADMIN_IP_ALLOWLIST must be addresses or networks[^\n]*$/);
  for (const right of ['192.0.2.1', '::1', '0.0.0.0/0, ::/0', ' ', '']) expect(complaint(right), right).toBeNull();
});

test('the list speaks of admins alone', () => {
  for (const role of ['business_owner', 'staff', 'user'] as const) expect(mayComeFrom(role, null)).toBe(true);
  expect(mayComeFrom('admin', null)).toBe(false);
});
