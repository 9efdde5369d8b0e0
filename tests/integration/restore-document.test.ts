/** docs/restore.md is right: what stands in its blocks brings a database back. */
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';
import { afterAll, expect, test } from 'vitest';
import { findBackups, isBackup } from '@/lib/backup/find-backups';
import { makeBackup } from '@/lib/backup/make-backup';
import { database } from '@/lib/platform/db';
import { hasRestoreTools } from '@/scripts/support/restore-tools';
import { clockRun, keyForBackups } from '@/tests/support/backups';
import { emptyDatabase, testDatabase } from '@/tests/support/database';
import { makeBusiness, makeCall, makePerson, ownerClient } from '@/tests/support/rows';

const { owner: ownerUrl } = await testDatabase();
const root = process.cwd();
const identity = await keyForBackups();
const folder = mkdtempSync(path.join(tmpdir(), 'aftercallpro-'));
process.chdir(folder);
const owner = ownerClient(ownerUrl);
const business = await makeBusiness(owner);
await makePerson(owner, { member: { businessId: business.id, role: 'business_owner' } });
for (let n = 0; n < 10; n += 1) await makeCall(owner, business.id, { wanted: `back\\slash, tab \t and line \n ${n}` });
await makeBackup(clockRun());
const [made] = await findBackups();
if (!made || !isBackup(made)) throw new Error('no backup was made');
const keyFile = path.join(folder, 'key.txt');
writeFileSync(keyFile, `# public key: ${process.env.BACKUP_AGE_RECIPIENTS}\n${identity}\n`, { mode: 0o600 });
afterAll(async () => {
  await owner.$disconnect();
  await database().prisma.$disconnect();
  await database().pool.end();
});

/** What is to be typed under a heading of the document, in order. */
function blocks(heading: string): string {
  const text = readFileSync(path.join(root, 'docs/restore.md'), 'utf8');
  const [, after = ''] = text.split(`\n## ${heading}\n`);
  const [section = ''] = after.split('\n## ');
  return [...section.matchAll(/^```sh\n(.*?)^```$/gms)].map(([, block]) => block).join('\n');
}

/** Types it into a shell, in a folder of its own, with this machine's own places. */
async function type(text: string, places: Readonly<Record<string, string>>, url: { app: string; owner: string }) {
  const here = Object.entries(places).reduce(
    (script, [name, value]) => script.replace(new RegExp(`^${name}=.*$`, 'm'), `${name}='${value}'`),
    // npm would go to the checkout, whose store is not this one's.
    text.replaceAll('npm run backup --', `node --import ${import.meta.resolve('tsx')} ${root}/scripts/backup.ts`),
  );
  const env = {
    ...process.env,
    ...places,
    DATABASE_URL: url.app,
    DIRECT_URL: url.owner,
    TSX_TSCONFIG_PATH: path.join(root, 'tsconfig.json'),
  };
  return promisify(execFile)('sh', ['-eu', '-c', here], { cwd: folder, env });
}

const calls = async (url: string) => {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const { rows } = await client.query('SELECT * FROM calls ORDER BY id');
  const { rows: unfinished } = await client.query('SELECT id FROM restores WHERE finished_at IS NULL');
  await client.end();
  return { rows, isUnfinished: unfinished.length > 0 };
};

const hasTools = hasRestoreTools();

test('a backup is restored by what docs/restore.md says to type into our command', async () => {
  const url = await emptyDatabase();
  const { stdout } = await type(blocks('With our command'), { KEY_FILE: keyFile }, url);
  expect(stdout).toContain(`Ready: ${made.name}`);
  expect(await calls(url.owner)).toEqual({ rows: (await calls(ownerUrl)).rows, isUnfinished: false });
});

test.skipIf(!hasTools)(
  'a backup is restored by what docs/restore.md says to type into age, zstd or gzip, and psql, and by none of our code',
  async () => {
    const url = await emptyDatabase();
    const places = { NAME: made.name, FOLDER: path.join(folder, '.data/storage/backups/backups'), KEY_FILE: keyFile };
    const [standard = '', ours = ''] = blocks('With the standard tools').split(/^(?=npm run )/m);
    const { stdout, stderr } = await type(standard, places, url);
    expect(stdout).toBe(
      `ours\nwhole\nAfterCallPro: backup ${made.name} is restored. Before you start the application: npm run backup -- finish\n`,
    );
    expect(stderr).toBe('');
    expect(await calls(url.owner)).toEqual({ rows: (await calls(ownerUrl)).rows, isUnfinished: true });

    await type(ours, places, url);
    expect(await calls(url.owner)).toMatchObject({ isUnfinished: false });
  },
);

test.skipIf(!hasTools)(
  'what docs/restore.md says to type calls no manifest ours that somebody else has changed',
  async () => {
    const url = await emptyDatabase();
    const places = { NAME: made.name, FOLDER: folder, KEY_FILE: keyFile };
    const [untilOurs = ''] = blocks('With the standard tools').split(/^(?=FILE=)/m);
    const paper = readFileSync(path.join(folder, '.data/storage/backups/backups', `${made.name}.manifest`), 'utf8');
    const said = async (manifest: string) => {
      writeFileSync(path.join(folder, `${made.name}.manifest`), manifest);
      return (await type(`${untilOurs}:`, places, url)).stdout;
    };
    expect(await said(paper)).toBe('ours\n');
    expect(await said(paper.replace('"format":1', '"format": 1'))).toBe('');
    expect(await said(paper.replace(/.{64}\n$/, `${'0'.repeat(64)}\n`))).toBe('');
  },
);
