/** A lost database comes back as it was, or nothing is touched. */
import { mkdtempSync } from 'node:fs';
import { readFile, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { generateX25519Identity } from 'age-encryption';
import pg from 'pg';
import { afterAll, beforeEach, expect, test } from 'vitest';
import { sealTrail } from '@/lib/audit/seal-trail';
import { drillBackup } from '@/lib/backup/drill-backup';
import { findBackups, isBackup } from '@/lib/backup/find-backups';
import { loadBackup } from '@/lib/backup/load-backup';
import { makeBackup } from '@/lib/backup/make-backup';
import { checkContent } from '@/lib/backup/read-backup';
import { restoreBackup } from '@/lib/backup/restore-backup';
import { UnsafeBackups, verifyBackups } from '@/lib/backup/verify-backups';
import { command } from '@/lib/doors/command';
import { connected } from '@/lib/platform/bulk';
import { newId } from '@/lib/platform/clock';
import { database } from '@/lib/platform/db';
import { storage } from '@/lib/platform/storage';
import { backupKeys } from '@/lib/rules/backups';
import { clockRun, keyForBackups } from '@/tests/support/backups';
import { emptyDatabase, testDatabase } from '@/tests/support/database';
import { makeBusiness, makeCall, makeInvitation, makePerson, ownerClient } from '@/tests/support/rows';

const { owner: ownerUrl } = await testDatabase();
const identity = await keyForBackups();
const folder = mkdtempSync(path.join(tmpdir(), 'aftercallpro-'));
process.chdir(folder);
const owner = ownerClient(ownerUrl);

const business = await makeBusiness(owner, { duty: ['+12125550101', '+12125550102'] });
const person = await makePerson(owner, { member: { businessId: business.id, role: 'business_owner' } });
await makeInvitation(owner, business.id);
for (let n = 0; n < 20; n += 1)
  await makeCall(owner, business.id, { wanted: `tab \t, line \n, \\. and \\N, ${n} – ✓` });
await owner.job.create({
  data: { id: newId(), businessId: business.id, kind: 'tell_people', key: 'tell-people 1', runAt: new Date() },
});
await command(async ({ record }) => record({ action: 'call.read', resourceType: 'call' }));
await sealTrail(clockRun());
await makeBackup(clockRun());
const [made] = await findBackups();
if (!made || !isBackup(made)) throw new Error('no backup was made');
const { manifest } = made;
const file = path.join(folder, '.data/storage/backups', backupKeys(manifest.name).script(manifest.compression));
const whole = await readFile(file);

beforeEach(() => writeFile(file, whole));
afterAll(async () => {
  await owner.$disconnect();
  await database().prisma.$disconnect();
  await database().pool.end();
});

const restoreInto = (url: string, more: { identity?: string; isForced?: boolean } = {}) =>
  restoreBackup({
    name: null,
    url,
    identities: [more.identity ?? identity],
    isForced: more.isForced ?? false,
    step: () => () => undefined,
  });

async function ask<R extends object>(url: string, sql: string): Promise<R[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<R>(sql)).rows;
  } finally {
    await client.end();
  }
}
const isUntouched = async (url: string) =>
  (await ask(url, `SELECT FROM pg_class WHERE relnamespace = 'public'::regnamespace`)).length === 0;

test('fault 11: a backup restored into an empty database is every row of every table again, at the same migration', async () => {
  const { owner: url } = await emptyDatabase();
  const restored = await restoreInto(url);
  expect(restored.rows).toBe(manifest.tables.reduce((sum, { rows }) => sum + rows, 0));
  const calls = 'SELECT * FROM calls ORDER BY id';
  expect(await ask(url, calls)).toEqual(await ask(ownerUrl, calls));
  const migrations = 'SELECT migration_name, checksum FROM _prisma_migrations ORDER BY 1';
  expect(await ask(url, migrations)).toEqual(await ask(ownerUrl, migrations));
});

test('what was open when the backup was made is open no more: sessions, links, invitations; and jobs wait', async () => {
  const { owner: url } = await emptyDatabase();
  await restoreInto(url);
  expect(await ask(url, 'SELECT id FROM sessions WHERE revoked_at IS NULL')).toEqual([]);
  expect(await ask(url, 'SELECT id FROM one_time_tokens WHERE used_at IS NULL AND now() < expires_at')).toEqual([]);
  expect(await ask(url, 'SELECT id FROM invitations WHERE secret_hash IS NOT NULL')).toEqual([]);
  expect(await ask(url, 'SELECT id FROM jobs WHERE held_at IS NULL AND done_at IS NULL')).toEqual([]);
  expect(await ask(url, 'SELECT id FROM jobs')).toHaveLength(1);
  expect(await ask(ownerUrl, 'SELECT id FROM sessions WHERE revoked_at IS NULL')).toEqual([{ id: person.sessionId }]);
});

test('the walls stand in a restored database: the same policies, grants, functions, constraints and indexes', async () => {
  const { owner: url } = await emptyDatabase();
  await restoreInto(url);
  for (const catalog of [
    `SELECT tablename, policyname, roles, cmd, qual, with_check FROM pg_policies ORDER BY 1, 2`,
    `SELECT relname, relkind, relrowsecurity, relacl::text FROM pg_class WHERE relnamespace = 'public'::regnamespace ORDER BY 1`,
    `SELECT attrelid::regclass::text, attname, attacl::text, format_type(atttypid, atttypmod), attnotnull FROM pg_attribute
      JOIN pg_class c ON c.oid = attrelid WHERE relnamespace = 'public'::regnamespace AND attnum > 0 ORDER BY 1, 2`,
    `SELECT proname, prosrc, proacl::text, proowner::regrole::text FROM pg_proc WHERE pronamespace = 'public'::regnamespace ORDER BY 1, 2`,
    `SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint WHERE connamespace = 'public'::regnamespace ORDER BY 1, 2`,
    `SELECT indexdef FROM pg_indexes WHERE schemaname = 'public' ORDER BY 1`,
    `SELECT tgname, pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal ORDER BY 1, 2`,
  ]) {
    expect(await ask(url, catalog)).toEqual(await ask(ownerUrl, catalog));
  }
});

test('a database that is not empty is refused, and not touched, without force', async () => {
  const { owner: url } = await emptyDatabase();
  await ask(url, 'CREATE TABLE somebody_elses (id int)');
  await expect(restoreInto(url)).rejects.toThrow('This database is not empty');
  expect(await ask(url, 'SELECT * FROM somebody_elses')).toEqual([]);
  await restoreInto(url, { isForced: true });
  await expect(ask(url, 'SELECT * FROM somebody_elses')).rejects.toThrow('does not exist');
});

test('a database that somebody is connected to is not restored into', async () => {
  const { owner: url, app } = await emptyDatabase();
  const client = new pg.Client({ connectionString: app });
  await client.connect();
  await expect(restoreInto(url)).rejects.toThrow('Stop the application first');
  await client.end();
  expect(await isUntouched(url)).toBe(true);
});

test('fault 13: a backup cut short, one byte or half of it, is refused before anything is restored', async () => {
  const { owner: url } = await emptyDatabase();
  for (const bytes of [whole.length - 1, Math.floor(whole.length / 2), 0]) {
    await truncate(file, bytes);
    await expect(restoreInto(url)).rejects.toThrow('is not the one that was written');
  }
  expect(await isUntouched(url)).toBe(true);
});

test('fault 13: a backup with one bit turned over is refused before anything is restored, and the daily check alerts', async () => {
  const { owner: url } = await emptyDatabase();
  const turned = Buffer.from(whole);
  const at = Math.floor(whole.length / 2);
  turned.writeUInt8(turned.readUInt8(at) ^ 0b0001_0000, at);
  await writeFile(file, turned);
  await expect(restoreInto(url)).rejects.toThrow('is not the one that was written');
  expect(await isUntouched(url)).toBe(true);
  await expect(verifyBackups(clockRun())).rejects.toThrow(UnsafeBackups);
  expect(await owner.backup.findUnique({ where: { name: manifest.name } })).toMatchObject({ fault: 'changed' });
  await writeFile(file, whole);
  expect(await verifyBackups(clockRun())).toMatchObject({ backups: 1, faulty: 0, missing: 0 });
  expect(await owner.backup.findUnique({ where: { name: manifest.name } })).toMatchObject({ fault: null });
});

test('fault 14: with another key a restore and a drill fail loudly, and nothing is touched', async () => {
  const { owner: url } = await emptyDatabase();
  const another = await generateX25519Identity();
  await expect(restoreInto(url, { identity: another })).rejects.toThrow('This key does not open the backup');
  expect(await isUntouched(url)).toBe(true);
  const drill = drillBackup({ name: null, url, identities: [another], step: () => () => undefined });
  await expect(drill).rejects.toThrow('This key does not open the backup');
});

test('a table that is not what was backed up is noticed before anything of the rows is kept', async () => {
  const { owner: url } = await emptyDatabase();
  const tables = manifest.tables.map((table) => (table.name === 'calls' ? { ...table, hash: '0'.repeat(64) } : table));
  const other = { manifest: { ...manifest, tables }, read: () => new Blob([whole]).stream() };
  await expect(connected(url, (bulk) => loadBackup(bulk, other, [identity], () => undefined))).rejects.toThrow(
    'calls is not what was backed up',
  );
  expect(await ask(url, 'SELECT id FROM calls')).toEqual([]);
});

test('rows that are fewer than they were are noticed, as the check reads the backup to its end', async () => {
  const tables = manifest.tables.map((table) => (table.name === 'calls' ? { ...table, rows: 19 } : table));
  const checked = checkContent(new Blob([whole]).stream(), { ...manifest, tables }, [identity]);
  await expect(checked).rejects.toThrow('the rows of calls are others');
});

test('a backup that somebody else put into the store is refused, though it opens with our key', async () => {
  const { owner: url } = await emptyDatabase();
  const store = storage('backups');
  const { manifest: key } = backupKeys(manifest.name);
  const paper = await new Response(await store.read(key)).text();
  const forged = paper.replace(manifest.sha256, manifest.sha256.replaceAll('a', 'b'));
  await store.put(key, new Blob([forged]).stream());
  await expect(restoreInto(url)).rejects.toThrow('was not written with any key in ENCRYPTION_KEY');
  await store.put(key, new Blob([paper]).stream());
  expect(await isUntouched(url)).toBe(true);
});

test('a drill restores the newest backup, opens all that is sealed, verifies the trail, leaves no database, and says how long it took', async () => {
  const databases = () => ask(ownerUrl, `SELECT datname FROM pg_database WHERE datname LIKE 'aftercallpro%'`);
  const drill = await drillBackup({ name: null, url: ownerUrl, identities: [identity], step: () => () => undefined });
  expect(drill).toMatchObject({ backup: manifest.name, sealed: 1, fault: null });
  // Of 20 calls number and words, two people on duty with name and number, a business, a person, an invitation.
  expect(drill.opened).toBe(20 * 2 + 2 * 2 + 1 + 2 + 1);
  expect(await databases()).toEqual([]);
  await verifyBackups(clockRun());
  expect(await owner.backup.findUnique({ where: { name: manifest.name } })).toMatchObject({
    drillFault: null,
    drilledAt: drill.at,
  });
});
