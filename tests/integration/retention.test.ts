/** What is kept no longer than promised is deleted on time, and what is held stays. */
import { existsSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { startClockJob } from '@/lib/jobs/start-clock-job';
import { newId } from '@/lib/platform/clock';
import { database } from '@/lib/platform/db';
import { blindIndex, indexColumns, seal } from '@/lib/platform/sealing';
import { storage, storageKey } from '@/lib/platform/storage';
import { KEPT_DAYS } from '@/lib/rules/retention';
import { testDatabase } from '@/tests/support/database';
import { freshSid, makeBusiness, makeCall, ownerClient } from '@/tests/support/rows';

const { owner: ownerUrl } = await testDatabase();
process.chdir(mkdtempSync(path.join(tmpdir(), 'aftercallpro-')));
const owner = ownerClient(ownerUrl);

const day = 86_400_000;
/** So many days ago, and so many seconds more. */
const ago = (days: number, seconds = 0) => new Date(Date.now() - days * day - seconds * 1000);

let businessId: string;
beforeEach(async () => {
  await owner.business.deleteMany();
  await owner.job.deleteMany();
  businessId = (await makeBusiness(owner)).id;
});
afterAll(async () => {
  await owner.$disconnect();
  await database().prisma.$disconnect();
  await database().pool.end();
});

const run = (job: 'retention' | 'anonymise', isDryRun = false) => startClockJob(job, { isDryRun });

/** A call of then, with a recording in the store, a transcript and a word said at the menu. */
async function wholeCall(
  startedAt: Date,
  status: 'stored' | 'settled' | 'pending' | 'failed' = 'settled',
  number = '+14155550123',
) {
  const call = await makeCall(owner, businessId, { startedAt, callerName: 'Ana', callerNumber: number });
  const home = { businessId, callId: call.id };
  const recordingId = newId();
  const recordingSid = freshSid('RE');
  const key = storageKey(businessId, 'recordings', recordingId);
  const isHere = status === 'stored' || status === 'settled';
  if (isHere) await storage('recordings').put(key, new Blob(['voice']).stream());
  await owner.recording.create({
    data: {
      ...home,
      id: recordingId,
      recordingSid,
      seconds: 12,
      status,
      createdAt: startedAt,
      ...(isHere && {
        storageKey: key,
        contentType: 'audio/wav',
        bytes: 5,
        sha256: new Uint8Array(32),
        storedAt: startedAt,
      }),
      ...(status === 'settled' && { remoteDeletedAt: startedAt }),
    },
  });
  await owner.transcript.create({
    data: seal('Transcript', {
      ...home,
      id: newId(),
      recordingSid,
      status: 'completed' as const,
      text: 'It hurts.',
      createdAt: startedAt,
    }),
  });
  await owner.callEvent.create({
    data: seal('CallEvent', { ...home, id: newId(), key: 'k', kind: 'chose', said: 'A message', at: startedAt }),
  });
  return { ...call, recordingId, recordingSid, file: path.join('.data/storage/recordings', key) };
}

const left = async () => ({
  recordings: await owner.recording.count(),
  transcripts: await owner.transcript.count(),
  wanted: await owner.call.count({ where: { wanted: { not: null } } }),
  said: await owner.callEvent.count({ where: { said: { not: null } } }),
  known: await owner.call.count({ where: { anonymised: false } }),
});
const all = { recordings: 1, transcripts: 1, wanted: 1, said: 1, known: 1 };

describe('V14.2.7', () => {
  const periods = [
    { days: KEPT_DAYS.recording, gone: { recordings: 0 } },
    { days: KEPT_DAYS.transcript, gone: { recordings: 0, transcripts: 0, wanted: 0, said: 0 } },
    { days: KEPT_DAYS.metadata, gone: { recordings: 0, transcripts: 0, wanted: 0, said: 0, known: 0 } },
  ];
  test.each(periods)(
    'V14.2.7 what is over after $days days goes then, and not a minute before',
    async ({ days, gone }) => {
      await wholeCall(ago(days, -60));
      await run('retention');
      const before = await left();
      expect(before).toMatchObject(
        Object.fromEntries(
          Object.keys(gone)
            .slice(-1)
            .map((what) => [what, 1]),
        ),
      );

      await owner.business.deleteMany();
      businessId = (await makeBusiness(owner)).id;
      await wholeCall(ago(days, 60));
      await run('retention');
      expect(await left()).toEqual({ ...all, ...gone });
    },
  );
});

test('a dry run says what would go, and changes nothing', async () => {
  const { file } = await wholeCall(ago(400));
  const counts = await run('retention', true);
  expect(counts).toMatchObject({ recordings: 1, transcripts: 1, words: 2, calls: 1 });
  expect(await left()).toEqual(all);
  expect(existsSync(file)).toBe(true);
  expect(await owner.retentionReport.count()).toBe(0);
  expect(await run('retention')).toMatchObject({ recordings: 1, transcripts: 1, words: 2, calls: 1 });
  expect(existsSync(file)).toBe(false);
});
