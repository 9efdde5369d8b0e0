/**
 * The stores of this process: files that are ciphertext already (age.ts). Two of them, since what is in the second is
 * there for the day on which all else is lost. On disk each is a folder under `.data/storage`.
 */
import path from 'node:path';
import { diskStore } from '@/lib/platform/disk-store';
import type { Storage } from '@/lib/platform/store';

export { type Bytes, NotStored, type Storage, type Stored } from '@/lib/platform/store';

/** `recordings`: `<businessId>/recordings/<id>.age`. `backups`: `backups/…`, `ledger/…`, `seals/…`, `drills/…`. */
export type Bucket = 'recordings' | 'backups';

export const storage = (bucket: Bucket): Storage =>
  diskStore(path.resolve(/* turbopackIgnore: true */ '.data', 'storage', bucket));

/** Where a business's file of a kind lies among the recordings. No key is made of anything that came from outside. */
export const storageKey = (businessId: string, kind: 'recordings', id: string) => `${businessId}/${kind}/${id}.age`;
