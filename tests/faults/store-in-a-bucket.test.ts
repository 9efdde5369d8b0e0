/** The store is a bucket, and something is wrong with it while a recording is on its way there. */
import type { IncomingMessage } from 'node:http';
import { ListMultipartUploadsCommand } from '@aws-sdk/client-s3';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { keepRecording } from '@/lib/calls/keep-recording';
import { sweep } from '@/lib/jobs/run-jobs';
import { decrypt } from '@/lib/platform/age';
import { database } from '@/lib/platform/db';
import { enterByCall } from '@/lib/platform/enter';
import { type S3Place, s3Store } from '@/lib/platform/s3-store';
import type { Storage } from '@/lib/platform/storage';
import { type BadProxy, type Fate, startBadProxy } from '@/tests/support/bad-proxy';
import { testDatabase } from '@/tests/support/database';
import { deleteLine, mediaLine, pretendTwilio, sendsStatus, sendsWav, wav } from '@/tests/support/pretend-twilio';
import { freshSid, makeBusiness, makeCall, makePerson, ownerClient } from '@/tests/support/rows';
import { hasS3, type S3Server, startS3 } from '@/tests/support/s3-server';

/** The store of the process, with far less patience than in earnest. */
const kept = vi.hoisted((): { store?: Storage } => ({}));
vi.mock('@/lib/platform/storage', async (original) => ({
  ...(await original<typeof import('@/lib/platform/storage')>()),
  storage: () => kept.store,
}));

const { owner: ownerUrl } = await testDatabase();
const twilio = await pretendTwilio();
const owner = ownerClient(ownerUrl);
afterAll(async () => {
  await owner.$disconnect();
  await database().prisma.$disconnect();
  await database().pool.end();
  await twilio.close();
});

describe.skipIf(!hasS3)('a bucket', () => {
  /** Several parts of an upload. */
  const audio = wav(9_000_000);

  let s3: S3Server;
  beforeAll(async () => {
    s3 = await startS3();
  });
  afterAll(() => s3.stop());

  let place: S3Place;
  let proxy: BadProxy;
  let sid: string;
  beforeEach(async () => {
    proxy = await startBadProxy(s3.endpoint);
    place = await s3.makeBucket();
    kept.store = s3Store({ ...place, endpoint: proxy.endpoint }, { connect: 1_000, silence: 1_000 });
    await owner.job.deleteMany();
    const business = await makeBusiness(owner);
    await makePerson(owner, { member: { businessId: business.id, role: 'business_owner' } });
    const { callSid } = await makeCall(owner, business.id);
    sid = freshSid('RE');
    twilio.requests.length = 0;
    twilio.on(mediaLine(sid), sendsWav(audio));
    twilio.on(deleteLine(sid), sendsStatus(204));
    const fields = { RecordingSid: sid, RecordingStatus: 'completed', RecordingDuration: '19' };
    await enterByCall(callSid, { ipAddress: null, userAgent: null }, new Date(), (visit) =>
      keepRecording(visit, { callSid, fields, query: new URLSearchParams() }),
    );
  });
  afterEach(() => proxy.stop());

  const recording = () => owner.recording.findUniqueOrThrow({ where: { recordingSid: sid } });
  const deletedAtTwilio = () => twilio.requests.some(({ line }) => line === deleteLine(sid));
  const later = () => owner.$executeRaw`UPDATE jobs SET run_at = now() - interval '1 hour' WHERE done_at IS NULL`;
  const partsLeft = async () =>
    (await s3.client.send(new ListMultipartUploadsCommand({ Bucket: place.bucket }))).Uploads?.length ?? 0;

  const faults: Record<string, { readonly fate: (request: IncomingMessage) => Fate; readonly parts: number }> = {
    'that says nothing': { fate: () => 'silence', parts: 0 },
    'that is busy': { fate: () => 'busy', parts: 0 },
    'that takes the first part of a recording and no other': {
      fate: ({ url = '' }) => (/partNumber=[2-9]/.test(url) ? 'busy' : 'passes'),
      parts: 0,
    },
    'that is gone after the first part of a recording': {
      // It cannot be told to throw the first part away: the bucket's own rule does, after a day (docs/deploy.md).
      fate: ({ url = '' }) => (/partNumber=1|uploads/.test(url) ? 'passes' : 'silence'),
      parts: 1,
    },
    'that takes a recording and cannot give it back whole': {
      fate: ({ method, headers }) => (headers.range ? 'busy' : method === 'GET' ? { cutAfter: 100_000 } : 'passes'),
      parts: 0,
    },
  };

  test.each(Object.entries(faults))(
    'fault 3: a store %s leaves the recording at Twilio, and it is kept once the store is well',
    async (_, { fate, parts }) => {
      proxy.decide(fate);
      await sweep();
      expect(await recording()).toMatchObject({ status: 'pending', storageKey: null, bytes: null });
      const jobs = await owner.job.findMany({ where: { kind: 'fetch_recording' } });
      expect(jobs).toMatchObject([{ attempts: 1, doneAt: null, deadAt: null, lastError: expect.any(String) }]);
      expect(await partsLeft()).toBe(parts);
      await later();
      expect(deletedAtTwilio()).toBe(false);

      proxy.decide(() => 'passes');
      await sweep();
      const { status, storageKey } = await recording();
      expect(status).toBe('stored');
      const file = await s3Store(place).read(storageKey ?? '');
      const opened = Buffer.from(await new Response(await decrypt(file)).arrayBuffer());
      expect(opened.equals(audio)).toBe(true);
      await later();
      await sweep();
      expect(deletedAtTwilio()).toBe(true);
    },
  );

  test('fault 3: a store that is down leaves the recording at Twilio', async () => {
    await proxy.stop();
    await sweep();
    expect(await recording()).toMatchObject({ status: 'pending', storageKey: null });
    await later();
    await sweep();
    expect(deletedAtTwilio()).toBe(false);
  });
});
