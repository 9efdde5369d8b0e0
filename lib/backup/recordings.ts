/** The list of recordings that belongs to a backup: which files the store must hold, and what is in them. */
import { createHash } from 'node:crypto';
import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { decrypt } from '@/lib/platform/age';
import type { Bulk } from '@/lib/platform/bulk';
import { type Storage, storage } from '@/lib/platform/storage';
import { backupKeys } from '@/lib/rules/backups';
import type { Manifest } from './manifest';
import { measured } from './measured';

/** `bytes` and `sha256` are of the audio, not of the file that it is encrypted in. */
export type ListedRecording = { readonly key: string; readonly bytes: number; readonly sha256: string };

/** The list as a text, from the transaction that the backup is of: key, bytes and hash, a recording a line, by key. */
export function listRecordings(bulk: Bulk): {
  readonly lines: AsyncIterable<Buffer>;
  /** Once they have been read. */
  content(): { readonly count: number; readonly sha256: string };
} {
  const hash = createHash('sha256');
  let count = 0;
  async function* lines() {
    for await (const piece of bulk.copyOut(`COPY (
        SELECT storage_key, bytes, encode(sha256, 'hex') FROM recordings
        WHERE status IN ('stored', 'settled') ORDER BY storage_key COLLATE "C") TO STDOUT`) as AsyncIterable<Buffer>) {
      hash.update(piece);
      for (const byte of piece) if (byte === 0x0a) count += 1;
      yield piece;
    }
  }
  return { lines: lines(), content: () => ({ count, sha256: hash.digest('hex') }) };
}

/**
 * The list that belongs to a backup.
 *
 * @throws where it is missing or does not open; and at its end, where it is another one than the manifest says.
 */
export async function* readRecordings(store: Storage, { name, recordings }: Manifest): AsyncGenerator<ListedRecording> {
  const hash = createHash('sha256');
  const file = await decrypt(await store.read(backupKeys(name).recordings));
  const text = Readable.fromWeb(file as never).compose(createGunzip());
  for await (const line of createInterface({ input: text, crlfDelay: Number.POSITIVE_INFINITY })) {
    hash.update(`${line}\n`);
    const [key = '', bytes, sha256 = ''] = line.split('\t');
    yield { key, bytes: Number(bytes), sha256 };
  }
  if (hash.digest('hex') !== recordings.sha256) throw new Error('the list of recordings is another one');
}

/** Those that are listed and not in the store, or empty there. Both come in the order of their keys, so neither is held in memory. */
export async function* findMissing(listed: AsyncIterable<ListedRecording>): AsyncGenerator<ListedRecording> {
  const kept = storage('recordings').list('')[Symbol.asyncIterator]();
  let next = await kept.next();
  try {
    for await (const recording of listed) {
      while (!next.done && next.value.key < recording.key) next = await kept.next();
      if (next.done || next.value.key !== recording.key || next.value.bytes < recording.bytes) yield recording;
    }
  } finally {
    await kept.return?.();
  }
}

/** Whether a recording in the store is the one that the list says. */
export async function isTheSame({ key, bytes, sha256 }: ListedRecording): Promise<boolean> {
  const file = measured();
  await (await decrypt(await storage('recordings').read(key))).pipeThrough(file.stream).pipeTo(new WritableStream());
  return file.bytes() === bytes && file.sha256() === sha256;
}
