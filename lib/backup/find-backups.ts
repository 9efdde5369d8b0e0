import { type Storage, storage } from '@/lib/platform/storage';
import { backupKeys, isBackupName } from '@/lib/rules/backups';
import { type Manifest, readManifest } from './manifest';

/** Something in the store that has a backup's name. */
export type Found = {
  readonly name: string;
  /** Everything that lies under the name. */
  readonly keys: readonly string[];
  readonly storedAt: Date;
  /** `none`: it was never finished. `not ours`: it has one, which we did not write. */
  readonly manifest: Manifest | 'none' | 'not ours';
  /** Of the file with the rows, as it lies there; `null` where it does not. */
  readonly bytes: number | null;
};
export type FoundBackup = Omit<Found, 'manifest'> & { readonly manifest: Manifest };

export const isBackup = (found: Found): found is FoundBackup => typeof found.manifest === 'object';

/** By its manifest and its size: what is in the file takes reading it. */
export const isWhole = ({ manifest, bytes }: FoundBackup): boolean => manifest.bytes === bytes;

/** What the store has, the newest first. */
export async function findBackups(store: Storage = storage('backups')): Promise<readonly Found[]> {
  const byName = new Map<string, { keys: Map<string, number>; storedAt: Date }>();
  for await (const { key, bytes, storedAt } of store.list('backups/')) {
    const name = key.slice('backups/'.length, 'backups/'.length + 20);
    if (!isBackupName(name)) continue;
    const found = byName.get(name) ?? { keys: new Map(), storedAt };
    byName.set(name, {
      keys: found.keys.set(key, bytes),
      storedAt: storedAt > found.storedAt ? storedAt : found.storedAt,
    });
  }
  const found: Found[] = [];
  for (const [name, { keys, storedAt }] of [...byName].toSorted(([a], [b]) => (a < b ? 1 : -1))) {
    const manifest = keys.has(backupKeys(name).manifest) ? await manifestOf(store, name) : 'none';
    const script = typeof manifest === 'object' ? backupKeys(name).script(manifest.compression) : '';
    found.push({ name, keys: [...keys.keys()], storedAt, manifest, bytes: keys.get(script) ?? null });
  }
  return found;
}

async function manifestOf(store: Storage, name: string): Promise<Manifest | 'not ours'> {
  const paper = await new Response(await store.read(backupKeys(name).manifest)).text();
  return readManifest(name, paper) ?? 'not ours';
}
