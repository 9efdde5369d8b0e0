/** A backup to restore from: found in the store, on this machine, and what it was when it was written. */
import { createReadStream } from 'node:fs';
import { mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import { Refusal } from '@/lib/platform/errors';
import { type Bytes, storage } from '@/lib/platform/storage';
import { backupKeys } from '@/lib/rules/backups';
import { findBackups, isBackup } from './find-backups';
import type { Manifest } from './manifest';
import { measured } from './measured';

export type Fetched = { readonly manifest: Manifest; readonly read: () => Bytes };

/**
 * Copies the file of a backup here, so that what is checked is what is restored: a store that somebody else can write
 * to could give another file the second time. The copy is gone afterwards.
 *
 * @param name the newest, where none is said.
 * @throws Refusal, before anything else is done, where there is no such backup, it is not ours, or it is not as it was written.
 */
export async function withBackup<T>(name: string | null, run: (backup: Fetched) => Promise<T>): Promise<T> {
  const store = storage('backups');
  const found = await findBackups(store);
  const chosen =
    name === null ? found.find(({ manifest }) => manifest !== 'none') : found.find((one) => one.name === name);
  if (!chosen) throw new Refusal(name === null ? 'There is no backup in the store.' : `There is no backup ${name}.`);
  if (!isBackup(chosen)) {
    throw new Refusal(
      chosen.manifest === 'none'
        ? `The backup ${chosen.name} was never finished. Choose another one: npm run backup -- list`
        : `The manifest of ${chosen.name} was not written with any key in ENCRYPTION_KEY. Restore nothing of it: somebody else may have put it there.`,
    );
  }
  const { manifest } = chosen;
  const folder = await mkdtemp(path.join(tmpdir(), 'aftercallpro-backup-'));
  const copy = path.join(folder, 'backup.age');
  try {
    const stored = await store.read(backupKeys(manifest.name).script(manifest.compression)).catch(() => {
      throw new Refusal(`The file of ${manifest.name} is not in the store.`);
    });
    const seen = measured();
    const file = await open(copy, 'wx', 0o600);
    try {
      await file.writeFile(stored.pipeThrough(seen.stream) as never);
    } finally {
      await file.close();
    }
    if (seen.bytes() !== manifest.bytes || seen.sha256() !== manifest.sha256) {
      throw new Refusal(
        `The file of ${manifest.name} is not the one that was written: it has ${seen.bytes()} of ${manifest.bytes} bytes, or others. Choose another backup: npm run backup -- list`,
      );
    }
    return await run({ manifest, read: () => Readable.toWeb(createReadStream(copy)) as Bytes });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
