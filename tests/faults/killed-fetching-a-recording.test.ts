/**
 * A process may be killed at any moment. Here it dies before or after each step that reaches outside it (a transaction, a
 * file, a request, a mail), one test for each: whatever follows in the same life fails too, and the next life must end
 * where an undisturbed one does.
 */
import { mkdtempSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, test, vi } from 'vitest';
import { keepRecording } from '@/lib/calls/keep-recording';
import { keepTranscript } from '@/lib/calls/keep-transcript';
import { sweep } from '@/lib/jobs/run-jobs';
import { encrypt } from '@/lib/platform/age';
import { database } from '@/lib/platform/db';
import { enterByCall } from '@/lib/platform/enter';
import { readOutbox } from '@/lib/platform/mail';
import type { Bucket, Storage } from '@/lib/platform/storage';
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

/** The life of the process: how many steps it has left, and every step it took. */
const life = vi.hoisted(() => ({ left: Number.POSITIVE_INFINITY, steps: 0 }));
/** A disk that keeps something else than it was given. */
const disk = vi.hoisted(() => ({ lies: false }));

const { step, mortal } = vi.hoisted(() => {
  const step = () => {
    life.steps += 1;
    life.left -= 1;
    if (life.left < 0) throw new Error('killed');
  };
  const mortal = async <T>(act: () => Promise<T>): Promise<T> => {
    step();
    const result = await act();
    step();
    return result;
  };
  return { step, mortal };
});
vi.mock('@/lib/platform/enter', async (original) => {
  const real = await original<typeof import('@/lib/platform/enter')>();
  return {
    ...real,
    enterAsSystem: (...args: Parameters<typeof real.enterAsSystem>) => mortal(() => real.enterAsSystem(...args)),
    enterByJob: (...args: Parameters<typeof real.enterByJob>) => mortal(() => real.enterByJob(...args)),
  };
});
vi.mock('@/lib/platform/storage', async (original) => {
  const real = await original<typeof import('@/lib/platform/storage')>();
  const storage = (bucket: Bucket): Storage => {
    const store = real.storage(bucket);
    return {
      ...store,
      put: (key: string, content: ReadableStream<Uint8Array>) =>
        mortal(async () => {
          await store.put(key, content);
          if (disk.lies) await store.put(key, await encrypt(new Blob([Uint8Array.from(wav(70_001))]).stream()));
        }),
      read: async (...args: Parameters<typeof store.read>) => {
        step(); // only before: what was opened would stay open in this process, which does not really die
        return store.read(...args);
      },
      delete: (...args: Parameters<typeof store.delete>) => mortal(() => store.delete(...args)),
    };
  };
  return { ...real, storage };
});
vi.mock('@/lib/platform/mail', async (original) => {
  const real = await original<typeof import('@/lib/platform/mail')>();
  return { ...real, sendMail: (...args: Parameters<typeof real.sendMail>) => mortal(() => real.sendMail(...args)) };
});
vi.mock('@/lib/platform/twilio-api', async (original) => {
  const real = await original<typeof import('@/lib/platform/twilio-api')>();
  return {
    ...real,
    recordingMedia: (sid: string) => mortal(() => real.recordingMedia(sid)),
    deleteAtTwilio: (...args: Parameters<typeof real.deleteAtTwilio>) => mortal(() => real.deleteAtTwilio(...args)),
  };
});

const { owner: ownerUrl } = await testDatabase();
const twilio = await pretendTwilio();
process.chdir(mkdtempSync(path.join(tmpdir(), 'aftercallpro-')));
const owner = ownerClient(ownerUrl);
const audio = wav(70_000);

afterAll(async () => {
  await owner.$disconnect();
  await database().prisma.$disconnect();
  await database().pool.end();
  await twilio.close();
});

/** The end of a call, worked off by a process that dies after so many steps, and then by one that does not. */
async function callThatEnds(stepsToLive: number) {
  const business = await makeBusiness(owner);
  const person = await makePerson(owner, { member: { businessId: business.id, role: 'business_owner' } });
  const call = await makeCall(owner, business.id);
  const recordingSid = freshSid('RE');
  const transcriptionSid = `TR${recordingSid.slice(2)}`;
  twilio.requests.length = 0;
  twilio.on(mediaLine(recordingSid), sendsWav(audio));
  for (const line of [deleteLine(recordingSid), deleteTranscriptLine(transcriptionSid)]) {
    twilio.on(line, (...came) => {
      twilio.on(line, sendsStatus(404)); // gone is gone
      sendsStatus(204)(...came);
    });
  }
  const said = (fields: Record<string, string>) => ({ callSid: call.callSid, fields, query: new URLSearchParams() });
  await enterByCall(call.callSid, { ipAddress: null, userAgent: null }, new Date(), async (visit) => {
    await keepRecording(visit, said({ RecordingSid: recordingSid, RecordingStatus: 'completed' }));
    await keepTranscript(
      visit,
      said({
        RecordingSid: recordingSid,
        TranscriptionSid: transcriptionSid,
        TranscriptionStatus: 'completed',
        TranscriptionText: 'Hi.',
      }),
    );
  });

  life.left = stepsToLive;
  life.steps = 0;
  let deaths = 0;
  await sweep().catch(() => (deaths += 1));
  const steps = life.steps;
  const early = twilio.requests.findIndex(({ line }) => line === deleteLine(recordingSid));
  const { status } = await owner.recording.findUniqueOrThrow({ where: { recordingSid } });
  if (early >= 0) expect(['stored', 'settled']).toContain(status);

  life.left = Number.POSITIVE_INFINITY;
  // The leases of the dead run out, and the waits of those who only failed are over.
  await owner.$executeRaw`UPDATE jobs SET run_at = now() - interval '1 hour', leased_until = leased_until - interval '1 hour' WHERE done_at IS NULL`;
  await sweep();

  const recording = await owner.recording.findUniqueOrThrow({ where: { recordingSid } });
  const events = await owner.callEvent.findMany({
    where: { callId: call.id },
    orderBy: { kind: 'asc' },
    select: { kind: true },
  });
  const files = await readdir(path.join('.data/storage/recordings', business.id, 'recordings'));
  const unfinished = await readdir('.data/storage/recordings/.unfinished');
  const mails = (await readOutbox()).filter(({ to }) => to === person.email);
  return {
    steps,
    state: {
      status: recording.status,
      bytes: recording.bytes,
      events: events.map(({ kind }) => kind),
      told: await owner.telling.findMany({
        where: { callId: call.id },
        select: { way: true, turn: true, state: true },
      }),
      files: files.map((name) => name === `${recording.id}.age`),
      unfinished,
      mails: mails.length,
      open: await owner.job.count({ where: { doneAt: null } }),
      dead: await owner.job.count({ where: { deadAt: { not: null } } }),
      changes: await owner.auditLog.count({ where: { resourceId: recording.id, action: 'recording.update' } }),
    },
  };
}

test('fault 6: wherever it is killed, a call ends as one that was never disturbed', async () => {
  const { steps, state } = await callThatEnds(Number.POSITIVE_INFINITY);
  expect(steps).toBeGreaterThan(20);
  expect(state).toEqual({
    status: 'settled',
    bytes: audio.length,
    events: ['recorded', 'saved', 'transcribed'],
    told: [{ way: 'mail', turn: 0, state: 'sent' }],
    files: [true],
    unfinished: [],
    mails: 1,
    open: 0,
    dead: 0,
    changes: 2,
  });
  for (let at = 0; at <= steps; at += 1) {
    expect({ at, ...(await callThatEnds(at)).state }).toEqual({ at, ...state });
  }
}, 120_000);

test('fault 3: what the store kept is compared with what came before anything is deleted at Twilio', async () => {
  const business = await makeBusiness(owner);
  await makePerson(owner, { member: { businessId: business.id, role: 'business_owner' } });
  const call = await makeCall(owner, business.id);
  const recordingSid = freshSid('RE');
  twilio.requests.length = 0;
  twilio.on(mediaLine(recordingSid), sendsWav(audio));
  const fields = { RecordingSid: recordingSid, RecordingStatus: 'completed' };
  await enterByCall(call.callSid, { ipAddress: null, userAgent: null }, new Date(), (visit) =>
    keepRecording(visit, { callSid: call.callSid, fields, query: new URLSearchParams() }),
  );
  disk.lies = true;
  await sweep();
  disk.lies = false;
  expect(await owner.recording.findUniqueOrThrow({ where: { recordingSid } })).toMatchObject({ status: 'pending' });
  expect(await owner.job.findMany({ where: { doneAt: null } })).toMatchObject([{ lastError: 'NotTheSame' }]);
  expect(twilio.requests.map(({ line }) => line)).toEqual([mediaLine(recordingSid)]);
});
