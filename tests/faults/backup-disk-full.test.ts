/** The disk that backups go to is full. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { findBackups, isBackup, isWhole } from '@/lib/backup/find-backups';
import { startClockJob } from '@/lib/jobs/start-clock-job';
import { database } from '@/lib/platform/db';
import { keyForBackups } from '@/tests/support/backups';
import { testDatabase } from '@/tests/support/database';
import { ownerClient } from '@/tests/support/rows';

const { owner: ownerUrl } = await testDatabase();
await keyForBackups();
const owner = ownerClient(ownerUrl);
process.chdir(mkdtempSync(path.join(tmpdir(), 'aftercallpro-')));
mkdirSync('.data');
const isMounted = mount();
afterAll(async () => {
  if (isMounted) execFileSync('umount', ['.data']);
  await owner.$disconnect();
  await database().prisma.$disconnect();
  await database().pool.end();
});

/** A disk of 2 MB; only root may make one. */
function mount(): boolean {
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=2m', 'tmpfs', '.data'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

test.skipIf(!isMounted)(
  'fault 8: a backup that finds the disk full fails loudly, leaves nothing behind, and the one before it is kept',
  async () => {
    await startClockJob('backup');
    await owner.$executeRaw`
      INSERT INTO rate_limits (key, points)
      SELECT gen_random_uuid(), n
      FROM generate_series(1, 200000) n`;
    await expect(startClockJob('backup')).rejects.toMatchObject({ code: 'ENOSPC' });

    const found = await findBackups();
    expect(found.map((one) => isBackup(one) && isWhole(one))).toEqual([true]);
    expect(readdirSync('.data/storage/backups/.unfinished')).toEqual([]);
    const run = await owner.jobRun.findFirstOrThrow({ orderBy: { startedAt: 'desc' } });
    expect(run).toMatchObject({ job: 'backup', outcome: 'failed', error: 'Error ENOSPC' });
    expect(await owner.job.count({ where: { kind: 'alert' } })).toBe(1);
  },
);
