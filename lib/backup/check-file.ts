import type { BackupFault } from '@/lib/generated/prisma/enums';
import type { Storage } from '@/lib/platform/storage';
import { backupKeys } from '@/lib/rules/backups';
import { type Found, isBackup, isWhole } from './find-backups';
import { measured } from './measured';

/** What is wrong with a backup as far as it shows without reading it. */
export function faultAtSight(found: Found): BackupFault | null {
  if (!isBackup(found)) return 'not_ours';
  if (found.bytes === null || !found.keys.includes(backupKeys(found.name).recordings)) return 'missing';
  return isWhole(found) ? null : 'changed';
}

/** Reads the file of a backup to its end: whether it is the one that was written. Takes no key that opens it. */
export async function checkFile(store: Storage, found: Found): Promise<BackupFault | null> {
  const fault = faultAtSight(found);
  if (fault !== null || !isBackup(found)) return fault;
  const { name, compression, bytes, sha256 } = found.manifest;
  const file = measured();
  await (await store.read(backupKeys(name).script(compression))).pipeThrough(file.stream).pipeTo(new WritableStream());
  return file.bytes() === bytes && file.sha256() === sha256 ? null : 'changed';
}
