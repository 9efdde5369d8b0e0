/** Everything that is in the database is in its backup. */
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import pg from 'pg';
import { afterAll, expect, test } from 'vitest';
import { readCatalog } from '@/lib/backup/catalog';
import { findBackups, isBackup } from '@/lib/backup/find-backups';
import { makeBackup } from '@/lib/backup/make-backup';
import { UnsafeBackups, verifyBackups } from '@/lib/backup/verify-backups';
import { inSnapshot } from '@/lib/platform/bulk';
import { newId } from '@/lib/platform/clock';
import { database } from '@/lib/platform/db';
import { storage, storageKey } from '@/lib/platform/storage';
import { clockRun, keyForBackups } from '@/tests/support/backups';
import { testDatabase } from '@/tests/support/database';
import { freshSid, makeBusiness, makeCall, makePerson, ownerClient } from '@/tests/support/rows';

const { owner: ownerUrl } = await testDatabase();
await keyForBackups();
process.chdir(mkdtempSync(path.join(tmpdir(), 'aftercallpro-')));
const owner = ownerClient(ownerUrl);
const asOwner = new pg.Client({ connectionString: ownerUrl });
await asOwner.connect();
for (let n = 0; n < 3; n += 1) {
  const business = await makeBusiness(owner, { duty: ['+12125550101'] });
  await makePerson(owner, { member: { businessId: business.id, role: 'business_owner' } });
  await makeCall(owner, business.id);
}
afterAll(async () => {
  await asOwner.end();
  await owner.$disconnect();
  await database().prisma.$disconnect();
  await database().pool.end();
});

/** Every table there is, and how many rows its owner counts in it. */
async function tablesOfOwner(): Promise<Record<string, number>> {
  const { rows } = await asOwner.query(
    `SELECT relname FROM pg_class WHERE relkind IN ('r', 'p', 'f', 'm') AND relnamespace = 'public'::regnamespace`,
  );
  const counts: Record<string, number> = {};
  for (const { relname } of rows) {
    const found = await asOwner.query(`SELECT count(*)::int AS count FROM public.${pg.escapeIdentifier(relname)}`);
    counts[relname] = found.rows[0].count;
  }
  return counts;
}

test('a backup holds every table of the catalog and every row that its owner counts in it', async () => {
  const there = await tablesOfOwner();
  await makeBackup(clockRun());
  const [newest] = await findBackups();
  if (!newest || !isBackup(newest)) throw new Error('no backup was made');
  const counted = Object.fromEntries(newest.manifest.tables.map(({ name, rows }) => [name, rows]));
  expect(counted).toEqual(there);
  expect(counted.calls).toBe(3);
  expect(counted._prisma_migrations).toBeGreaterThan(20);
});

test('a table that the backup could not read whole is named, and no backup is made', async () => {
  await asOwner.query('CREATE TABLE secret_plans (id int); ALTER TABLE secret_plans ENABLE ROW LEVEL SECURITY');
  try {
    await expect(inSnapshot(readCatalog)).rejects.toThrow(/every row of secret_plans:/);
    await asOwner.query('CREATE POLICY backup ON secret_plans FOR SELECT TO app_backup USING (id > 7)');
    await expect(makeBackup(clockRun())).rejects.toThrow(/every row of secret_plans:/);
  } finally {
    await asOwner.query('DROP TABLE secret_plans');
  }
});

test('the role of the backup can change nothing, and enters no business', async () => {
  const tables = Object.keys(await tablesOfOwner());
  const { rows } = await asOwner.query(
    `SELECT t, p FROM unnest($1::text[]) t, unnest(ARRAY['INSERT', 'UPDATE', 'DELETE', 'TRUNCATE']) p
     WHERE has_table_privilege('app_backup', 'public.' || quote_ident(t), p)`,
    [tables],
  );
  expect(rows).toEqual([]);
  await expect(inSnapshot((bulk) => bulk.query('DELETE FROM calls'))).rejects.toThrow(/read-only transaction/);
});

test('a backup is of one moment, whatever is written meanwhile', async () => {
  const rows = await inSnapshot(async (bulk) => {
    await readCatalog(bulk);
    await asOwner.query(`INSERT INTO rate_limits (key, points) VALUES ('written meanwhile', 1)`);
    return bulk.query('SELECT key FROM rate_limits');
  });
  expect(rows).toEqual([]);
});

test('a recording that is listed and not in the store is found, and one that was deleted on purpose is not missed', async () => {
  const business = await makeBusiness(owner);
  const { id: callId } = await makeCall(owner, business.id);
  const id = newId();
  const key = storageKey(business.id, 'recordings', id);
  const file = {
    storageKey: key,
    contentType: 'audio/wav',
    bytes: 5,
    sha256: new Uint8Array(32),
    storedAt: new Date(),
  };
  const recordingSid = freshSid('RE');
  await owner.recording.create({
    data: {
      businessId: business.id,
      id,
      callId,
      recordingSid,
      seconds: 9,
      status: 'stored',
      createdAt: new Date(),
      ...file,
    },
  });
  await makeBackup(clockRun());
  await storage('recordings').put(`ffffffff/recordings/${id}.age`, new Blob(['another’s']).stream());
  await expect(verifyBackups(clockRun())).rejects.toThrow(UnsafeBackups);
  expect(await verifyBackups(clockRun({ isDryRun: true }))).toMatchObject({ missing: 1 });
  await storage('recordings').put(key, new Blob(['voice']).stream());
  expect(await verifyBackups(clockRun())).toMatchObject({ missing: 0 });
  await storage('recordings').delete(key);
  await owner.recording.delete({ where: { businessId_id: { businessId: business.id, id } } });
  expect(await verifyBackups(clockRun())).toMatchObject({ missing: 0 });
});

test('nothing of a backup lies in the store in the clear', async () => {
  for await (const { key } of storage('backups').list('backups/')) {
    const bytes = await new Response(await storage('backups').read(key)).text();
    if (key.endsWith('.age')) expect(bytes.startsWith('age-encryption.org/v1\n')).toBe(true);
    else expect(bytes).not.toContain('Thank you for calling.');
  }
});
