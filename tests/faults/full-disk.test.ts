/** The disk that the store lies on is full. */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync } from 'node:fs';
import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { keepRecording } from '@/lib/calls/keep-recording';
import { sweep } from '@/lib/jobs/run-jobs';
import { database } from '@/lib/platform/db';
import { diskStore } from '@/lib/platform/disk-store';
import { enterByCall } from '@/lib/platform/enter';
import { NotStored } from '@/lib/platform/storage';
import { testDatabase } from '@/tests/support/database';
import { deleteLine, mediaLine, pretendTwilio, sendsWav, wav } from '@/tests/support/pretend-twilio';
import { freshSid, makeBusiness, makeCall, makePerson, ownerClient } from '@/tests/support/rows';

const folder = mkdtempSync(path.join(tmpdir(), 'aftercallpro-'));
const disk = path.join(folder, '.data');
mkdirSync(disk);
/** Takes the rights of root, which a machine of CI has. */
const isMounted =
  spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=10m', 'tmpfs', disk], { stdio: 'ignore' }).status === 0;

const { owner: ownerUrl } = await testDatabase();
const twilio = await pretendTwilio();
const owner = ownerClient(ownerUrl);
process.chdir(folder);
afterAll(async () => {
  await owner.$disconnect();
  await database().prisma.$disconnect();
  await database().pool.end();
  await twilio.close();
  process.chdir('/');
  if (isMounted) execFileSync('umount', [disk]);
});

describe.skipIf(!isMounted)('a disk of 10 MB', () => {
  const streamOf = (bytes: number) => new Blob([Buffer.alloc(bytes, 'x')]).stream();

  test('fault 8: what does not fit is not there, what was there stays, and nothing half written is left', async () => {
    const store = diskStore(path.join(disk, 'storage', 'backups'));
    await store.put('backups/first.age', streamOf(3_000_000));
    await expect(store.put('backups/second.age', streamOf(9_000_000))).rejects.toThrow(/ENOSPC/);
    await expect(store.put('backups/first.age', streamOf(9_000_000))).rejects.toThrow(/ENOSPC/);
    await expect(store.read('backups/second.age')).rejects.toThrow(NotStored);
    expect(await store.stat('backups/first.age')).toEqual({ bytes: 3_000_000 });
    expect(await readdir(path.join(disk, 'storage/backups/.unfinished'))).toEqual([]);
    await store.put('backups/third.age', streamOf(3_000_000));
    await store.delete('backups/first.age');
    await store.delete('backups/third.age');
  });

  test('fault 8: a recording that finds no room stays at Twilio, and is kept once there is some', async () => {
    const business = await makeBusiness(owner);
    await makePerson(owner, { member: { businessId: business.id, role: 'business_owner' } });
    const { callSid } = await makeCall(owner, business.id);
    const sid = freshSid('RE');
    const audio = wav(3_000_000);
    twilio.on(mediaLine(sid), sendsWav(audio));
    const fields = { RecordingSid: sid, RecordingStatus: 'completed', RecordingDuration: '19' };
    await enterByCall(callSid, { ipAddress: null, userAgent: null }, new Date(), (visit) =>
      keepRecording(visit, { callSid, fields, query: new URLSearchParams() }),
    );
    const recording = () => owner.recording.findUniqueOrThrow({ where: { recordingSid: sid } });
    await writeFile(path.join(disk, 'ballast'), Buffer.alloc(8_000_000));
    await sweep();
    expect(await recording()).toMatchObject({ status: 'pending', storageKey: null });
    expect(await owner.job.findFirst({ where: { kind: 'fetch_recording' } })).toMatchObject({
      doneAt: null,
      deadAt: null,
      lastError: 'Error ENOSPC',
    });
    expect(twilio.requests.map(({ line }) => line)).not.toContain(deleteLine(sid));

    await rm(path.join(disk, 'ballast'));
    await owner.$executeRaw`UPDATE jobs SET run_at = now() - interval '1 hour' WHERE done_at IS NULL`;
    await sweep();
    const { status, storageKey } = await recording();
    expect(status).toBe('stored');
    const file = await readFile(path.join(disk, 'storage/recordings', storageKey ?? ''));
    expect(file.length).toBeGreaterThan(audio.length);
  });
});
