/** Backups in a bucket with Object Lock, at a real S3 server. */
import { DeleteObjectCommand, ListObjectVersionsCommand } from '@aws-sdk/client-s3';
import { afterAll, expect, test } from 'vitest';
import { findBackups, isBackup } from '@/lib/backup/find-backups';
import { makeBackup } from '@/lib/backup/make-backup';
import { restoreBackup } from '@/lib/backup/restore-backup';
import { database } from '@/lib/platform/db';
import { clockRun, keyForBackups } from '@/tests/support/backups';
import { emptyDatabase, testDatabase } from '@/tests/support/database';
import { makeBusiness, makeCall, ownerClient } from '@/tests/support/rows';
import { hasS3, startS3 } from '@/tests/support/s3-server';

const { owner: ownerUrl } = await testDatabase();
const identity = await keyForBackups();
const s3 = hasS3 ? await startS3() : null;
const place = await s3?.makeBucket({ locks: true });
if (place) {
  process.env.BACKUP_S3_BUCKET = place.bucket;
  process.env.S3_ENDPOINT = place.endpoint;
  process.env.AWS_REGION = place.region;
  process.env.AWS_ACCESS_KEY_ID = place.accessKeyId;
  process.env.AWS_SECRET_ACCESS_KEY = place.secretAccessKey;
}
const owner = ownerClient(ownerUrl);
afterAll(async () => {
  await owner.$disconnect();
  await database().prisma.$disconnect();
  await database().pool.end();
  await s3?.stop();
});

test.skipIf(!hasS3)(
  'a backup goes into a bucket and comes back from it, and nobody deletes it for thirty days',
  async () => {
    const { id: businessId } = await makeBusiness(owner);
    for (let n = 0; n < 5; n += 1) await makeCall(owner, businessId);
    await makeBackup(clockRun());
    const [made] = await findBackups();
    if (!made || !isBackup(made) || !s3 || !place) throw new Error('no backup was made');
    expect(made.keys).toHaveLength(3);

    const url = await emptyDatabase();
    const step = () => () => undefined;
    await restoreBackup({ name: made.name, url: url.owner, identities: [identity], isForced: false, step });
    const restored = ownerClient(url.owner);
    expect(await restored.call.findMany({ orderBy: { id: 'asc' } })).toEqual(
      await owner.call.findMany({ orderBy: { id: 'asc' } }),
    );
    await restored.$disconnect();

    const { Versions = [] } = await s3.client.send(new ListObjectVersionsCommand({ Bucket: place.bucket }));
    expect(Versions).toHaveLength(3);
    for (const { Key, VersionId } of Versions) {
      const deletion = new DeleteObjectCommand({ Bucket: place.bucket, Key, VersionId });
      await expect(s3.client.send(deletion)).rejects.toThrow();
    }
  },
);
