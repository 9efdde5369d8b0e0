import type { Storage } from '@/lib/platform/storage';
import { backupKeys, backupsToDelete, isLeftBehind } from '@/lib/rules/backups';
import { findBackups, isBackup, isWhole } from './find-backups';

/**
 * Deletes the backups whose time is over, except for the last good one, and what killed ones left behind. What has a
 * manifest of somebody else's is left for the operator to look at.
 *
 * @param faulty those that a check has found fault with, by name.
 * @returns how many backups were deleted.
 */
export async function deleteOldBackups(store: Storage, faulty: ReadonlySet<string>, now: Date): Promise<number> {
  const found = await findBackups(store);
  const backups = found.filter(isBackup).map((backup) => ({
    ...backup,
    madeAt: backup.manifest.madeAt,
    isGood: isWhole(backup) && !faulty.has(backup.name),
  }));
  const old = backupsToDelete(backups, now);
  const leftBehind = found.filter(({ manifest, storedAt }) => manifest === 'none' && isLeftBehind(storedAt, now));
  for (const { name, keys } of [...old, ...leftBehind]) {
    // The manifest first: killed in between, what is left has none, and goes the next time.
    await store.delete(backupKeys(name).manifest);
    for (const key of keys) await store.delete(key);
  }
  return old.length;
}
