/**
 * The stores of this process: files that are ciphertext already (age.ts). Two of them, since what is in the second is
 * there for the day on which all else is lost: each a bucket, or a folder under `.data/storage` where none is named.
 */
import path from 'node:path';
import { diskStore } from '@/lib/platform/disk-store';
import { type Env, env } from '@/lib/platform/env';
import { s3Store } from '@/lib/platform/s3-store';
import type { Storage } from '@/lib/platform/store';

export { type Bytes, NotStored, type Storage, type Stored } from '@/lib/platform/store';

/** `recordings`: `<businessId>/recordings/<id>.age`. `backups`: `backups/…`, `ledger/…`, `seals/…`, `drills/…`. */
export type Bucket = 'recordings' | 'backups';

const bucketOf = {
  recordings: 'RECORDINGS_S3_BUCKET',
  backups: 'BACKUP_S3_BUCKET',
} as const satisfies Record<Bucket, keyof Env>;

const opened = new Map<Bucket, Storage>();

/** The same one each time: a store keeps its connections. */
export function storage(bucket: Bucket): Storage {
  const store = opened.get(bucket) ?? openStore(bucket);
  opened.set(bucket, store);
  return store;
}

function openStore(bucket: Bucket): Storage {
  const { [bucketOf[bucket]]: name, S3_ENDPOINT, AWS_REGION, AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY } = env();
  // env() lets no bucket pass without the rest.
  if (!name || !AWS_REGION || !AWS_ACCESS_KEY_ID || !AWS_SECRET_ACCESS_KEY) {
    return diskStore(path.resolve(/* turbopackIgnore: true */ '.data', 'storage', bucket));
  }
  return s3Store({
    bucket: name,
    endpoint: S3_ENDPOINT,
    region: AWS_REGION,
    accessKeyId: AWS_ACCESS_KEY_ID,
    secretAccessKey: AWS_SECRET_ACCESS_KEY,
  });
}

/** Where a business's file of a kind lies among the recordings. No key is made of anything that came from outside. */
export const storageKey = (businessId: string, kind: 'recordings', id: string) => `${businessId}/${kind}/${id}.age`;
