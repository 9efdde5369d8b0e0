/**
 * The store: files that are ciphertext already (age.ts), by key, whole or not there at all. On disk under
 * `.data/storage`.
 */
import { randomUUID } from 'node:crypto';
import { mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { Readable } from 'node:stream';
import type { ReadableStream as NodeStream } from 'node:stream/web';

export type Bytes = ReadableStream<Uint8Array>;

export interface Storage {
  /** Keeps the content under the key, in place of what was there. When this returns, a power cut does not undo it. */
  put(key: string, content: Bytes): Promise<void>;
  /** @throws NotStored where nothing is kept under the key. */
  read(key: string): Promise<Bytes>;
  /** Also fine where nothing is kept. */
  delete(key: string): Promise<void>;
}

export class NotStored extends Error {
  override name = 'NotStored';
}

/** Where a business's file of a kind lies. Keys are made here and nowhere else; none holds anything that came from outside. */
export const storageKey = (businessId: string, kind: 'recordings', id: string) => `${businessId}/${kind}/${id}.age`;

const uuid = '[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}';
const wellFormed = new RegExp(`^${uuid}/[a-z]+/${uuid}\\.age$`);
/** Somebody is writing it still, or died over it: nothing takes longer than this. */
const UNFINISHED_FOR_MS = 3_600_000;

/** A store in a folder of this machine. */
export function diskStorage(root: string): Storage {
  const unfinished = path.join(root, 'unfinished');
  const place = (key: string) => {
    if (!wellFormed.test(key)) throw new Error('not a key of the store');
    return path.join(root, key);
  };

  return {
    async put(key, content) {
      const target = place(key);
      await mkdir(path.dirname(target), { recursive: true, mode: 0o700 });
      await mkdir(unfinished, { recursive: true, mode: 0o700 });
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
      const file = await open(place(key)).catch((error: NodeJS.ErrnoException) => {
        throw error.code === 'ENOENT' ? new NotStored('nothing is kept under this key') : error;
      });
      return Readable.toWeb(file.createReadStream()) as Bytes;
    },

    async delete(key) {
      const target = place(key);
      await rm(target, { force: true });
      await sync(path.dirname(target)).catch((error: NodeJS.ErrnoException) => {
        if (error.code !== 'ENOENT') throw error;
      });
    },
  };
}

/** Removes what a killed process left half written: it is somebody's voice, and no retention would find it. */
async function clear(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    const file = path.join(folder, name);
    const found = await stat(file).catch(() => null); // another writer may have finished it in this moment
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

/** The store of this process. */
export const storage = (): Storage => diskStorage(path.resolve(/* turbopackIgnore: true */ '.data', 'storage'));
