/** Whoever was erased after a backup was made is not brought back by it. */
import { execFile } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, expect, test } from 'vitest';
import { makeBackup } from '@/lib/backup/make-backup';
import { sweep } from '@/lib/jobs/run-jobs';
import { database } from '@/lib/platform/db';
import { blindIndex } from '@/lib/platform/sealing';
import { wantAccountErased, wantCallerErased } from '@/lib/privacy/erase-person';
import { optOut } from '@/lib/privacy/opt-out';
import { clockRun, keyForBackups } from '@/tests/support/backups';
import { emptyDatabase, testDatabase } from '@/tests/support/database';
import { makeBusiness, makeCall, makePerson, ownerClient } from '@/tests/support/rows';
import { asMember, asPerson } from '@/tests/support/visits';

const { owner: ownerUrl } = await testDatabase();
const root = process.cwd();
const identity = await keyForBackups();
const folder = mkdtempSync(path.join(tmpdir(), 'aftercallpro-'));
process.chdir(folder);
const owner = ownerClient(ownerUrl);
afterAll(async () => {
  await owner.$disconnect();
  await database().prisma.$disconnect();
  await database().pool.end();
});

const erased = '+14155550111';
const other = '+14155550122';
const silent = '+14155550133';

test('fault 12: who was erased after the backup stays erased when it is restored, and who opted out stays left alone', async () => {
  const startedAt = new Date(Date.now() - 5 * 3_600_000);
  const { id: businessId } = await makeBusiness(owner);
  const ana = await makePerson(owner, { member: { businessId, role: 'business_owner' } });
  const leaver = await makePerson(owner);
  const gone = await makeCall(owner, businessId, { startedAt, callerNumber: erased, callerName: 'Gone' });
  await makeCall(owner, businessId, { startedAt, callerNumber: erased });
  const kept = await makeCall(owner, businessId, { startedAt, callerNumber: other, callerName: 'Here' });
  await makeBackup(clockRun());
  await asMember(ana.sessionId, wantCallerErased, { callId: gone.id });
  await asPerson(leaver.sessionId, wantAccountErased, undefined);
  await asMember(ana.sessionId, optOut, { number: silent, channel: 'texts' as const });
  await sweep();

  const url = await emptyDatabase();
  const restore = ['--import', import.meta.resolve('tsx'), `${root}/scripts/backup.ts`, 'restore'];
  const { stdout } = await promisify(execFile)(process.execPath, restore, {
    cwd: folder,
    env: {
      ...process.env,
      DATABASE_URL: url.app,
      DIRECT_URL: url.owner,
      BACKUP_AGE_IDENTITY: identity,
      TSX_TSCONFIG_PATH: path.join(root, 'tsconfig.json'),
    },
  });
  expect(stdout).toMatch(/^Ready: /);

  const restored = ownerClient(url.owner);
  const calls = await restored.call.findMany({
    select: { id: true, callerNumber: true, callerName: true, wanted: true },
  });
  expect(calls).toHaveLength(3);
  expect(calls.filter(({ callerNumber, callerName, wanted }) => callerNumber ?? callerName ?? wanted)).toEqual([
    expect.objectContaining({ id: kept.id }),
  ]);
  const { a } = blindIndex('phone', erased);
  expect(await restored.call.count({ where: { OR: [{ callerNumberIndex: a }, { callerNumberIndexB: a }] } })).toBe(0);
  expect(await restored.session.count({ where: { userId: leaver.id } })).toBe(0);
  expect(await restored.optOut.count({ where: { businessId, channel: 'texts' } })).toBe(1);
  expect(await restored.restore.count({ where: { finishedAt: null } })).toBe(0);
  await restored.$disconnect();
});
