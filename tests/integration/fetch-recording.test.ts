/** A recording comes to us whole, or stays where it is. */

import { createHash } from 'node:crypto';
import { mkdtempSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Decrypter } from 'age-encryption';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { keepRecording } from '@/lib/calls/keep-recording';
import { keepTranscript } from '@/lib/calls/keep-transcript';
import { sweep } from '@/lib/jobs/run-jobs';
import { tryAgain } from '@/lib/jobs/try-again';
import { newId } from '@/lib/platform/clock';
import { database } from '@/lib/platform/db';
import { enterByCall } from '@/lib/platform/enter';
import { MOST_ATTEMPTS } from '@/lib/rules/retries';
import { testDatabase } from '@/tests/support/database';
import {
  deleteLine,
  deleteTranscriptLine,
  mediaLine,
  pretendTwilio,
  sendsStatus,
  sendsWav,
  wav,
} from '@/tests/support/pretend-twilio';
import { freshSid, makeBusiness, makeCall, makePerson, ownerClient } from '@/tests/support/rows';
import { asOperator } from '@/tests/support/visits';

const { owner: ownerUrl } = await testDatabase();
const twilio = await pretendTwilio();
const elsewhere = await pretendTwilio();
process.env.TWILIO_API_BASE_URL = twilio.url;
const folder = mkdtempSync(path.join(tmpdir(), 'aftercallpro-'));
process.chdir(folder);
const owner = ownerClient(ownerUrl);
const nowhere = { ipAddress: null, userAgent: null };
const audio = wav(300_000);

let call: { id: string; callSid: string; businessId: string };
let sid: string;
beforeEach(async () => {
  await owner.job.deleteMany();
  const business = await makeBusiness(owner);
  await makePerson(owner, { member: { businessId: business.id, role: 'business_owner' } });
  call = { ...(await makeCall(owner, business.id)), businessId: business.id };
  sid = freshSid('RE');
  twilio.requests.length = 0;
});
afterAll(async () => {
  await owner.$disconnect();
  await database().prisma.$disconnect();
  await database().pool.end();
  await twilio.close();
  await elsewhere.close();
});

const report = (fields: Record<string, string>) =>
  enterByCall(call.callSid, nowhere, new Date(), (visit) =>
    keepRecording(visit, {
      callSid: call.callSid,
      fields: { CallSid: call.callSid, ...fields },
      query: new URLSearchParams(),
    }),
  );
const announce = () =>
  report({
    RecordingSid: sid,
    RecordingStatus: 'completed',
    RecordingDuration: '19',
    RecordingUrl: `${elsewhere.url}/evil`,
  });
const transcribe = () =>
  enterByCall(call.callSid, nowhere, new Date(), (visit) =>
    keepTranscript(visit, {
      callSid: call.callSid,
      fields: {
        RecordingSid: sid,
        TranscriptionSid: transcriptSid(),
        TranscriptionStatus: 'completed',
        TranscriptionText: 'Please call me.',
      },
      query: new URLSearchParams(),
    }),
  );
const transcriptSid = () => `TR${sid.slice(2)}`;
const recording = () => owner.recording.findUniqueOrThrow({ where: { recordingSid: sid } });
const events = async () =>
  (await owner.callEvent.findMany({ where: { callId: call.id }, select: { kind: true } }))
    .map(({ kind }) => kind)
    .sort();
const asked = (line: string) => twilio.requests.filter((request) => request.line === line).length;
const later = () =>
  owner.$executeRaw`UPDATE jobs SET run_at = run_at - interval '1 day' WHERE done_at IS NULL AND dead_at IS NULL`;
const stored = async () =>
  (await readdir(path.join(folder, '.data/storage/recordings', call.businessId, 'recordings')).catch(() => [])).length;

describe('a recording that is there', () => {
  test('is stored as an age file that opens again equal, and only then deleted at Twilio', async () => {
    twilio.on(mediaLine(sid), sendsWav(audio));
    twilio.on(deleteLine(sid), sendsStatus(204));
    await announce();
    expect(await recording()).toMatchObject({ status: 'pending', seconds: 19, storageKey: null });
    await sweep();

    const kept = await recording();
    expect(kept).toMatchObject({
      status: 'stored',
      contentType: 'audio/wav',
      bytes: audio.length,
      remoteDeletedAt: null,
    });
    expect(Buffer.from(kept.sha256 ?? [])).toEqual(createHash('sha256').update(audio).digest());
    const file = await readFile(path.join(folder, '.data/storage/recordings', kept.storageKey ?? ''));
    expect(file.subarray(0, 21).toString()).toBe('age-encryption.org/v1');
    expect(file.includes(audio.subarray(1000, 1032))).toBe(false);
    const standard = new Decrypter();
    standard.addIdentity(process.env.STORAGE_AGE_IDENTITIES ?? '');
    expect(Buffer.from(await standard.decrypt(file)).equals(audio)).toBe(true);
    expect(asked(deleteLine(sid))).toBe(0);
    expect(await events()).toEqual(['recorded', 'saved']);

    await later();
    await sweep();
    expect(asked(deleteLine(sid))).toBe(1);
    expect(await recording()).toMatchObject({ status: 'settled' });
    expect((await recording()).remoteDeletedAt).not.toBeNull();
  });

  test('V1.3.6 is asked for at our own address of Twilio, never at one that a request brought along', async () => {
    twilio.on(mediaLine(sid), sendsWav(audio));
    await announce();
    await sweep();
    const basic = Buffer.from(`${process.env.TWILIO_ACCOUNT_SID}:${process.env.TWILIO_AUTH_TOKEN}`).toString('base64');
    expect(twilio.requests).toEqual([{ line: mediaLine(sid), authorization: `Basic ${basic}` }]);
    expect(elsewhere.requests).toEqual([]);
  });

  test('is deleted at Twilio as soon as its transcript has come, which is made from it', async () => {
    twilio.on(mediaLine(sid), sendsWav(audio));
    twilio.on(deleteLine(sid), sendsStatus(204));
    twilio.on(deleteTranscriptLine(transcriptSid()), sendsStatus(204));
    await announce();
    await sweep();
    expect(await recording()).toMatchObject({ status: 'stored' });
    await transcribe();
    await sweep();
    expect(await recording()).toMatchObject({ status: 'settled' });
    expect(asked(deleteTranscriptLine(transcriptSid()))).toBe(1);
  });

  test('is deleted at once where the transcript came first', async () => {
    twilio.on(mediaLine(sid), sendsWav(audio));
    twilio.on(deleteLine(sid), sendsStatus(204));
    await transcribe();
    await announce();
    await sweep();
    expect(await recording()).toMatchObject({ status: 'settled' });
  });

  test('counts as deleted where Twilio has it no more', async () => {
    twilio.on(mediaLine(sid), sendsWav(audio));
    await announce();
    await transcribe();
    await sweep();
    expect(asked(deleteLine(sid))).toBe(1);
    expect(await recording()).toMatchObject({ status: 'settled' });
  });

  test('is never deleted at Twilio while it is not with us, whoever wants that', async () => {
    await announce();
    const { id, businessId } = await recording();
    await owner.job.deleteMany();
    const more = { kind: 'delete_remote_recording', key: 'too early', payload: { recordingId: id }, runAt: new Date() };
    await owner.job.create({ data: { id: newId(), businessId, ...more } });
    await sweep();
    expect(twilio.requests).toEqual([]);
    expect(await recording()).toMatchObject({ status: 'pending' });
  });

  test('is not forgotten where the deletion fails', async () => {
    twilio.on(mediaLine(sid), sendsWav(audio));
    twilio.on(deleteLine(sid), sendsStatus(500));
    await announce();
    await transcribe();
    await sweep();
    expect(await recording()).toMatchObject({ status: 'stored', remoteDeletedAt: null });
    twilio.on(deleteLine(sid), sendsStatus(204));
    await later();
    await sweep();
    expect(await recording()).toMatchObject({ status: 'settled' });
  });
});

describe('an answer that is not the whole recording is refused, tried again, and nothing is deleted', () => {
  const answers: Record<string, Parameters<typeof twilio.on>[1]> = {
    'cut off on the way': (response) => {
      response.writeHead(200, { 'Content-Type': 'audio/x-wav', 'Content-Length': audio.length });
      response.write(audio.subarray(0, 100_000));
      setImmediate(() => response.destroy());
    },
    'shorter than its own head says': sendsWav(audio.subarray(0, 100_000)),
    'larger than any message': (response) => {
      response.writeHead(200, { 'Content-Type': 'audio/x-wav' });
      response.on('error', () => undefined);
      const more = () => {
        while (!response.destroyed && response.write(audio));
        if (!response.destroyed) response.once('drain', more);
      };
      more();
    },
    'announced larger than any message': (response) =>
      void response.writeHead(200, { 'Content-Type': 'audio/x-wav', 'Content-Length': 10 ** 9 }).flushHeaders(),
    'a redirect': (response) => void response.writeHead(302, { Location: `${elsewhere.url}/recording.wav` }).end(),
    'a page': (response) => void response.writeHead(200, { 'Content-Type': 'text/html' }).end('<h1>Log in</h1>'),
    'a page that says it is audio': sendsWav(Buffer.from('<!doctype html><title>Log in</title>')),
    'audio that says it is a page': sendsWav(audio, 'text/html'),
    'nothing at all': sendsWav(Buffer.alloc(0)),
    'not ready yet': sendsStatus(404),
    broken: sendsStatus(500),
  };
  for (const [what, answer] of Object.entries(answers)) {
    test(what, async () => {
      elsewhere.requests.length = 0;
      twilio.on(mediaLine(sid), answer);
      await announce();
      await transcribe();
      await sweep();
      expect(await recording()).toMatchObject({ status: 'pending', storageKey: null });
      expect(await stored()).toBe(0);
      expect(elsewhere.requests).toEqual([]);

      twilio.on(mediaLine(sid), sendsWav(audio));
      await later();
      expect(asked(deleteLine(sid))).toBe(0);
      await sweep();
      expect(await recording()).toMatchObject({ status: 'settled', bytes: audio.length });
    });
  }
});

test('fault 4: Twilio that is busy is left alone for as long as it asks, and the recording comes after that', async () => {
  twilio.on(mediaLine(sid), (response) => void response.writeHead(429, { 'Retry-After': '600' }).end());
  await announce();
  const start = Date.now();
  await sweep();
  const job = await owner.job.findFirstOrThrow({ where: { kind: 'fetch_recording', doneAt: null } });
  expect(job.runAt.getTime()).toBeGreaterThanOrEqual(start + 600_000);
  expect(job.lastError).toBe('TwilioError status_429');
  twilio.on(mediaLine(sid), sendsWav(audio));
  await later();
  await sweep();
  expect(await recording()).toMatchObject({ status: 'stored' });
});

test('fault 4: a recording that cannot be had at any try says so, and stays at Twilio', async () => {
  twilio.on(mediaLine(sid), sendsStatus(500));
  await announce();
  await transcribe();
  for (let attempt = 1; attempt <= MOST_ATTEMPTS; attempt += 1) {
    await sweep();
    await later();
  }
  await sweep();
  expect(asked(mediaLine(sid))).toBe(MOST_ATTEMPTS);
  expect(asked(deleteLine(sid))).toBe(0);
  expect(await recording()).toMatchObject({ status: 'failed' });
  expect(await events()).toContain('saving_failed');
});

test('a recording that was given up is fetched after all, when the operator has its job tried again', async () => {
  twilio.on(mediaLine(sid), sendsStatus(500));
  await announce();
  for (let attempt = 1; attempt <= MOST_ATTEMPTS; attempt += 1) {
    await sweep();
    await later();
  }
  expect(await recording()).toMatchObject({ status: 'failed' });
  twilio.on(mediaLine(sid), sendsWav(audio));
  const admin = await makePerson(owner, { role: 'admin' });
  expect(await asOperator(admin.sessionId, tryAgain, { kind: 'fetch_recording' })).toBe(1);
  await sweep();
  expect(await recording()).toMatchObject({ status: 'stored', seconds: 19 });
  expect(await stored()).toBe(1);
});

test('the store holds nothing of a recording that was erased on its way', async () => {
  twilio.on(mediaLine(sid), (...came) => {
    void owner.recording.delete({ where: { recordingSid: sid } }).then(() => sendsWav(audio)(...came));
  });
  await announce();
  await sweep();
  expect(await stored()).toBe(0);
  expect(await owner.job.count({ where: { kind: 'delete_remote_recording' } })).toBe(0);
});

describe('what Twilio says of a recording', () => {
  const jobs = () => owner.job.findMany({ where: { kind: 'fetch_recording' } });

  test('counts once, however often and however close together it is said', async () => {
    await Promise.all([announce(), announce(), announce()]);
    await announce();
    expect(await jobs()).toHaveLength(1);
    expect(await events()).toEqual(['recorded']);
  });

  test('makes no recording where there is none', async () => {
    await report({ RecordingSid: sid, RecordingStatus: 'in-progress' });
    expect(await events()).toEqual([]);
    await report({ RecordingSid: sid, RecordingStatus: 'absent', RecordingDuration: '' });
    await report({ RecordingSid: sid, RecordingStatus: 'absent' });
    await report({ RecordingSid: freshSid('RE'), RecordingStatus: 'failed', ErrorCode: '13223' });
    expect(await owner.recording.count({ where: { callId: call.id } })).toBe(0);
    expect(await events()).toEqual(['recording_absent', 'recording_failed']);
    expect(await jobs()).toHaveLength(0);
  });

  test('is taken for a recording where we do not understand it', async () => {
    await report({ RecordingSid: sid, RecordingStatus: 'transmogrified', RecordingDuration: 'long', Surprise: '1' });
    expect(await recording()).toMatchObject({ status: 'pending', seconds: 0 });
    expect(await jobs()).toHaveLength(1);
  });

  test('reaches the operator where it names no recording', async () => {
    await report({ RecordingSid: '../../Calls', RecordingStatus: 'completed' });
    await report({});
    expect(await owner.recording.count({ where: { callId: call.id } })).toBe(0);
    const alerts = await owner.job.findMany({ where: { kind: 'alert' } });
    expect(alerts.map(({ payload }) => payload)).toEqual([{ alert: 'odd_callback', reference: call.callSid }]);
  });

  test('V8.4.1 cannot claim a recording that another business has', async () => {
    await announce();
    const before = await recording();
    const other = await makeBusiness(owner);
    const theirs = await makeCall(owner, other.id);
    await enterByCall(theirs.callSid, nowhere, new Date(), (visit) =>
      keepRecording(visit, {
        callSid: theirs.callSid,
        fields: { RecordingSid: sid, RecordingStatus: 'completed' },
        query: new URLSearchParams(),
      }),
    );
    expect(await recording()).toEqual(before);
    expect(await owner.callEvent.count({ where: { callId: theirs.id } })).toBe(0);
  });
});
