/** A store in a folder of this machine. */
import { randomUUID } from 'node:crypto';
import { mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import type { ReadableStream as NodeStream } from 'node:stream/web';
import { checkKey, isKey, NotStored, type Storage, type Stored, streamOf } from '@/lib/platform/store';

/** Begins with a dot, as no key does. */
const UNFINISHED = '.unfinished';
/** Somebody is writing it still, or died over it: nothing takes longer than this. */
const UNFINISHED_FOR_MS = 3_600_000;

export function diskStore(root: string): Storage {
  const unfinished = path.join(root, UNFINISHED);
  const place = (key: string) => {
    checkKey(key);
    return path.join(root, key);
  };

  return {
    async put(key, content) {
      const target = place(key);
      await makeFolder(path.dirname(target));
      await makeFolder(unfinished);
      await clear(unfinished);
      const written = path.join(unfinished, randomUUID());
      try {
        const file = await open(written, 'wx', 0o600);
        try {
          await file.writeFile(content as NodeStream<Uint8Array>);
          await file.sync();
        } finally {
          await file.close();
        }
        await rename(written, target);
      } catch (error) {
        await rm(written, { force: true });
        throw error;
      }
      await sync(path.dirname(target)); // the name, too, must outlive a power cut
    },

    async read(key) {
      const file = await open(place(key)).catch((error: unknown) => {
        throw isMissing(error) ? new NotStored('nothing is kept under this key') : error;
      });
      return streamOf(file.createReadStream());
    },

    async stat(key) {
      const found = await orNull(stat(place(key)));
      return found?.isFile() ? { bytes: found.size } : null;
    },

    list: (prefix) => below(root, '', prefix),

    async delete(key) {
      const target = place(key);
      await rm(target, { force: true });
      await orNull(sync(path.dirname(target)));
    },
  };
}

/** What lies in a folder (`''` or ending in a slash) and in those below it, in the order of the keys. */
async function* below(root: string, folder: string, prefix: string): AsyncGenerator<Stored> {
  const entries = (await orNull(readdir(path.join(root, folder), { withFileTypes: true }))) ?? [];
  const keys = entries
    .filter(({ name }) => !name.startsWith('.'))
    .map((entry) => `${folder}${entry.name}${entry.isDirectory() ? '/' : ''}`) // a slash sorts after a dot or a hyphen
    .filter((key) => key.startsWith(prefix) || prefix.startsWith(key))
    .sort();
  for (const key of keys) {
    if (key.endsWith('/')) {
      yield* below(root, key, prefix);
      continue;
    }
    if (!isKey(key) || !key.startsWith(prefix)) continue;
    const found = await orNull(stat(path.join(root, key))); // deleted in this moment, perhaps
    if (found) yield { key, bytes: found.size, storedAt: found.mtime };
  }
}

/** Makes a folder, for its owner alone; each new name must outlive a power cut like what is put there. */
async function makeFolder(folder: string): Promise<void> {
  const first = await mkdir(folder, { recursive: true, mode: 0o700 });
  if (first === undefined) return; // it was there
  for (let made = folder; made.length >= first.length; made = path.dirname(made)) await sync(path.dirname(made));
}

/** Removes what a killed process left half written: it is somebody's voice, and no retention would find it. */
async function clear(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    const file = path.join(folder, name);
    const found = await orNull(stat(file)); // another writer may have finished it in this moment
    if (found && Date.now() - found.mtimeMs > UNFINISHED_FOR_MS) await rm(file, { force: true });
  }
}

async function sync(folder: string): Promise<void> {
  const handle = await open(folder);
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

const isMissing = (error: unknown) => (error as NodeJS.ErrnoException).code === 'ENOENT';

/** What is looked for, or `null` where it is not there. */
function orNull<T>(looking: Promise<T>): Promise<T | null> {
  return looking.catch((error: unknown) => {
    if (isMissing(error)) return null;
    throw error;
  });
}
