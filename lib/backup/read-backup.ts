/** What is in a backup, with the key that opens it. */
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { decryptWith } from '@/lib/platform/age';
import { decompress } from '@/lib/platform/compression';
import { Refusal } from '@/lib/platform/errors';
import type { Bytes } from '@/lib/platform/storage';
import type { Progress } from './make-backup';
import type { Manifest } from './manifest';
import { type Part, readScript } from './read-script';
import { tableContent } from './table-content';

/** What is in the file does not fit the manifest, or cannot be read. */
export class Unreadable extends Error {
  override name = 'Unreadable';
}

/**
 * Decrypts, decompresses and takes apart the file of a backup.
 *
 * @throws Refusal where none of the identities opens it, before anything else.
 */
export async function* partsOf(
  file: Bytes,
  { compression }: Manifest,
  identities: readonly string[],
): AsyncGenerator<Part> {
  const script = decompress(compression);
  const plain = await decryptWith(identities, file).catch(() => {
    throw new Refusal('This key does not open the backup: it was not made for it, or the file was changed.');
  });
  const decompressed = pipeline(Readable.fromWeb(plain as never), script);
  decompressed.catch(() => undefined); // it ends what is read here
  yield* readScript(script);
  await decompressed;
}

/**
 * Reads a backup to its end, and compares what is in it with its manifest.
 *
 * @throws Unreadable with what is wrong, in words of ours.
 */
export async function checkContent(
  file: Bytes,
  manifest: Manifest,
  identities: readonly string[],
  progress: Progress = () => undefined,
): Promise<void> {
  const expected = new Map(manifest.tables.map((table) => [table.name, table]));
  let isIn = false;
  try {
    for await (const part of partsOf(file, manifest, identities)) {
      if (part.kind === 'rows are in') isIn = true;
      if (part.kind !== 'rows') continue;
      const content = tableContent();
      for await (const piece of part.rows) content.add(piece);
      const { rows, hash } = content.end();
      const table = expected.get(part.table);
      if (table?.rows !== rows || table.hash !== hash) throw new Unreadable(`the rows of ${part.table} are others`);
      expected.delete(part.table);
      progress(part.table, rows);
    }
  } catch (error) {
    if (error instanceof Unreadable || error instanceof Refusal) throw error;
    throw new Unreadable('the file is cut off or was changed', { cause: error });
  }
  if (!isIn || expected.size > 0) throw new Unreadable(`tables are missing: ${[...expected.keys()].join(', ')}`);
}
