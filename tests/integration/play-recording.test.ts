/** A recording plays for the person its address was made for, for five minutes, and leaves a trace each time. */
import { createHash } from 'node:crypto';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { NextRequest } from 'next/server';
import { encode } from 'next-auth/jwt';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { GET } from '@/app/api/recordings/[id]/route';
import { recordingAddress } from '@/lib/calls/recording-address';
import { encrypt } from '@/lib/platform/age';
import { newId } from '@/lib/platform/clock';
import { database } from '@/lib/platform/db';
import { env } from '@/lib/platform/env';
import { s3Store } from '@/lib/platform/s3-store';
import { type Bucket, type Storage, storage, storageKey } from '@/lib/platform/storage';
import { sessionCookieName } from '@/lib/rules/session';
import { testDatabase } from '@/tests/support/database';
import { wav } from '@/tests/support/pretend-twilio';
import { freshSid, makeBusiness, makeCall, makePerson, ownerClient } from '@/tests/support/rows';
import { hasS3, type S3Server, startS3 } from '@/tests/support/s3-server';

/** Next keeps the request of the moment to itself: here it is what the test says. */
const browser = vi.hoisted(() => ({ cookies: new Map<string, string>() }));
vi.mock('next/headers', () => ({
  headers: async () => new Headers(),
  cookies: async () => ({
    get: (name: string) => {
      const value = browser.cookies.get(name);
      return value === undefined ? undefined : { name, value };
    },
  }),
}));

/** A folder, unless a test says otherwise. */
const kept = vi.hoisted((): { store?: Storage } => ({}));
vi.mock('@/lib/platform/storage', async (original) => {
  const real = await original<typeof import('@/lib/platform/storage')>();
  return { ...real, storage: (bucket: Bucket) => kept.store ?? real.storage(bucket) };
});

const { owner: ownerUrl } = await testDatabase();
const owner = ownerClient(ownerUrl);
process.chdir(mkdtempSync(path.join(tmpdir(), 'aftercallpro-')));
const audio = wav(200_000);

type Person = Awaited<ReturnType<typeof makePerson>>;
let olive: Person;
let colleague: Person;
let neighbour: Person;
let nobody: Person;
let recordingId: string;
let key: string;
let pendingId: string;

beforeAll(async () => {
  const business = await makeBusiness(owner);
  const other = await makeBusiness(owner);
  olive = await makePerson(owner, { member: { businessId: business.id, role: 'business_owner' } });
  colleague = await makePerson(owner, { member: { businessId: business.id, role: 'staff' } });
  neighbour = await makePerson(owner, { member: { businessId: other.id, role: 'business_owner' } });
  nobody = await makePerson(owner);
  const call = await makeCall(owner, business.id);
  recordingId = newId();
  pendingId = newId();
  key = storageKey(business.id, 'recordings', recordingId);
  await storage('recordings').put(key, await sealed());
  const row = { businessId: business.id, callId: call.id, seconds: 12, createdAt: new Date() };
  await owner.recording.create({ data: { ...row, id: pendingId, recordingSid: freshSid('RE') } });
  await owner.recording.create({
    data: {
      ...row,
      id: recordingId,
      recordingSid: freshSid('RE'),
      status: 'stored',
      storageKey: key,
      contentType: 'audio/wav',
      bytes: audio.length,
      sha256: Uint8Array.from(createHash('sha256').update(audio).digest()),
      storedAt: new Date(),
    },
  });
});
const sealed = () => encrypt(new Blob([Uint8Array.from(audio)]).stream());
beforeEach(() => browser.cookies.clear());
afterAll(async () => {
  await owner.$disconnect();
  await database().prisma.$disconnect();
  await database().pool.end();
});

const signIn = async ({ sessionId }: Person) =>
  browser.cookies.set(
    sessionCookieName(env().APP_URL),
    await encode({ token: { sid: sessionId }, secret: env().SECRET_KEY }),
  );
const fetchAt = (address: string, headers: Record<string, string> = {}) => {
  const url = new URL(address, env().APP_URL);
  const id = url.pathname.split('/').at(-1) ?? '';
  return GET(new NextRequest(url, { headers }), { params: Promise.resolve({ id }) });
};
const addressFor = (person: Person, now = new Date(), id = recordingId) =>
  recordingAddress({ recordingId: id, userId: person.id }, now);
const reads = () => owner.auditLog.count({ where: { action: 'recording.read' } });
const bodyOf = async (response: Response) => Buffer.from(await response.arrayBuffer());

test('V14.3.2 the whole recording, to be kept by nobody', async () => {
  await signIn(olive);
  const response = await fetchAt(addressFor(olive));
  expect(response.status).toBe(200);
  expect(Object.fromEntries(response.headers)).toMatchObject({
    'accept-ranges': 'bytes',
    'cache-control': 'private, no-store',
    'content-disposition': 'inline',
    'content-length': String(audio.length),
    'content-type': 'audio/wav',
    'x-content-type-options': 'nosniff',
  });
  expect((await bodyOf(response)).equals(audio)).toBe(true);
});

test.each([
  ['bytes=0-0', 0, 0],
  ['bytes=0-65535', 0, 65_535],
  ['bytes=65530-65545', 65_530, 65_545],
  ['bytes=150000-', 150_000, 200_043],
  ['bytes=-100', 199_944, 200_043],
])('a part of it: %s', async (range, from, to) => {
  await signIn(olive);
  const response = await fetchAt(addressFor(olive), { range });
  expect(response.status).toBe(206);
  expect(response.headers.get('content-range')).toBe(`bytes ${from}-${to}/200044`);
  expect(response.headers.get('content-length')).toBe(String(to - from + 1));
  expect((await bodyOf(response)).equals(audio.subarray(from, to + 1))).toBe(true);
});

test('a part that it does not have is refused, a range that makes no sense is ignored', async () => {
  await signIn(olive);
  const beyond = await fetchAt(addressFor(olive), { range: 'bytes=200044-' });
  expect([beyond.status, beyond.headers.get('content-range')]).toEqual([416, 'bytes */200044']);
  const odd = await fetchAt(addressFor(olive), { range: 'bytes=9-1' });
  expect([odd.status, (await bodyOf(odd)).length]).toEqual([200, audio.length]);
  const stale = await fetchAt(addressFor(olive), { range: 'bytes=0-9', 'if-range': '"older"' });
  expect([stale.status, (await bodyOf(stale)).length]).toEqual([200, audio.length]);
});

test('V16.2.1 each time it is opened is in the trail, with who did', async () => {
  await signIn(colleague);
  const before = await reads();
  await bodyOf(await fetchAt(addressFor(colleague)));
  expect(await reads()).toBe(before + 1);
  expect(
    await owner.auditLog.count({ where: { action: 'recording.read', userId: colleague.id, resourceId: recordingId } }),
  ).toBe(1);
});

test('V9.1.1 V9.2.1 V9.2.2 an address that has ended, was changed, or was made for another is the same as none', async () => {
  const good = addressFor(olive);
  const [, expires] = /expires=(\d+)/.exec(good) ?? [];
  const fiveMinutesAgo = new Date(Date.now() - 300_000);
  const wrong: Record<string, string> = {
    ended: addressFor(olive, fiveMinutesAgo),
    'given more time': good.replace(`expires=${expires}`, `expires=${Number(expires) + 600}`),
    "a colleague's": addressFor(colleague),
    'of another recording': good.replace(recordingId, pendingId),
    'cut short': good.slice(0, -4),
    unsigned: good.replace(/&signature=.*/, ''),
    'signed with nothing': good.replace(/signature=.*/, 'signature='),
    'of a recording that is not here yet': addressFor(olive, new Date(), pendingId),
    'of a recording that never was': addressFor(olive, new Date(), newId()),
    'of no recording': good.replace(recordingId, 'all'),
    'with a time that is none': good.replace(`expires=${expires}`, 'expires=1e9'),
  };
  await signIn(olive);
  const before = await reads();
  for (const [what, address] of Object.entries(wrong)) {
    const response = await fetchAt(address);
    expect([what, response.status, await response.text()]).toEqual([what, 404, 'There is nothing here.\n']);
  }
  expect(await reads()).toBe(before);
  expect((await fetchAt(good)).status).toBe(200);
});

test('an address just before its five minutes are over still plays', async () => {
  await signIn(olive);
  expect((await fetchAt(addressFor(olive, new Date(Date.now() - 290_000)))).status).toBe(200);
});

test('V8.3.1 the address alone opens nothing', async () => {
  const response = await fetchAt(addressFor(olive));
  expect(response.status).toBe(401);
});

test('V8.2.2 V8.4.1 a neighbour gets nothing, also with an address that was signed for them', async () => {
  await signIn(neighbour);
  expect((await fetchAt(addressFor(neighbour))).status).toBe(404);
  await signIn(nobody);
  expect((await fetchAt(addressFor(nobody))).status).toBe(403);
});

test('V14.2.1 an address holds ids, a time and a signature, and nothing else', () => {
  expect(addressFor(olive)).toMatch(
    new RegExp(`^/api/recordings/${recordingId}\\?expires=\\d{10}&signature=[A-Za-z0-9_-]{43}$`),
  );
});

test('a row that leads to the recording of another business plays nothing', async () => {
  await signIn(neighbour);
  const row = await owner.recording.findFirstOrThrow({ where: { id: recordingId } });
  const business = await owner.membership.findFirstOrThrow({ where: { userId: neighbour.id } });
  const { id: callId } = await makeCall(owner, business.businessId);
  const theirs = { ...row, id: newId(), businessId: business.businessId, callId, recordingSid: freshSid('RE') };
  await owner.recording.create({ data: theirs });
  expect((await fetchAt(addressFor(neighbour, new Date(), theirs.id))).status).toBe(404);
});

describe.skipIf(!hasS3)('from a bucket', () => {
  let s3: S3Server;
  beforeAll(async () => {
    s3 = await startS3();
    kept.store = s3Store(await s3.makeBucket());
    await kept.store.put(key, await sealed());
  });
  afterAll(async () => {
    delete kept.store;
    await s3.stop();
  });

  test('the whole recording and a part of it are the same, and both are in the trail', async () => {
    await signIn(olive);
    const before = await reads();
    expect((await bodyOf(await fetchAt(addressFor(olive)))).equals(audio)).toBe(true);
    const part = await fetchAt(addressFor(olive), { range: 'bytes=65530-65545' });
    expect([part.status, await bodyOf(part)]).toEqual([206, audio.subarray(65_530, 65_546)]);
    expect(await reads()).toBe(before + 2);
  });

  test('nobody is sent to the bucket: an address of it would play for whoever has it', async () => {
    await signIn(olive);
    const response = await fetchAt(addressFor(olive));
    expect([response.status, response.headers.get('location')]).toEqual([200, null]);
    await response.body?.cancel();
  });
});
