/** The process that backs up is killed, whenever it happens. */
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { findBackups, isBackup, isWhole } from '@/lib/backup/find-backups';
import { newId } from '@/lib/platform/clock';
import { database } from '@/lib/platform/db';
import { backupKeys } from '@/lib/rules/backups';
import { keyForBackups } from '@/tests/support/backups';
import { testDatabase } from '@/tests/support/database';
import { killAtRandom } from '@/tests/support/killed-job';
import { ownerClient } from '@/tests/support/rows';

const { owner: ownerUrl } = await testDatabase();
await keyForBackups();
const owner = ownerClient(ownerUrl);
process.chdir(mkdtempSync(path.join(tmpdir(), 'aftercallpro-')));
afterAll(async () => {
  await owner.$disconnect();
  await database().prisma.$disconnect();
  await database().pool.end();
});

const ROWS = 20_000;

test('fault 6: killed at twenty random moments, the backup leaves no half of one, and the next one holds everything', async () => {
  await owner.$executeRaw`
    INSERT INTO audit_logs (id, action, resource_type, timestamp)
    SELECT gen_random_uuid(), 'call.read', 'call', now() FROM generate_series(1, ${ROWS}::int)`;
  const { undisturbed, ends } = await killAtRandom({
    job: 'backup',
    owner,
    arrange: async () => {
      rmSync('.data', { recursive: true, force: true });
      await owner.backup.deleteMany();
      await owner.job.create({ data: { id: newId(), kind: 'alert', key: newId(), runAt: new Date() } });
    },
    look: async () => {
      const found = await findBackups();
      const [newest] = found;
      if (!newest || !isBackup(newest)) return 'no backup';
      const parts = readdirSync('.data/storage/backups/backups').filter((name) => name.startsWith(newest.name));
      return {
        halves: found.filter((one) => one.manifest !== 'none' && !(isBackup(one) && isWhole(one))).length,
        parts: parts.length,
        hasManifest: newest.keys.includes(backupKeys(newest.name).manifest),
        audit: newest.manifest.tables.find(({ name }) => name === 'audit_logs')?.rows,
      };
    },
  });
  expect(undisturbed).toEqual({ halves: 0, parts: 3, hasManifest: true, audit: ROWS });
  for (const end of ends) expect(end).toEqual(undisturbed);
}, 240_000);
