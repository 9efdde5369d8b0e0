/** The job `backup`: everything in the database, and a list of the recordings, into the store and readable by the operator alone. */
import type { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { ReadableStream } from 'node:stream/web';
import type { ClockRun, Counts } from '@/lib/jobs/clock-job';
import { encrypt, encryptTo } from '@/lib/platform/age';
import { type Bulk, inSnapshot } from '@/lib/platform/bulk';
import { now } from '@/lib/platform/clock';
import { bestCompression, compress } from '@/lib/platform/compression';
import { env } from '@/lib/platform/env';
import { Refusal } from '@/lib/platform/errors';
import { type Bytes, type Storage, storage } from '@/lib/platform/storage';
import { backupKeptUntil, backupKeys, backupName } from '@/lib/rules/backups';
import { readCatalog } from './catalog';
import { deleteOldBackups } from './delete-old-backups';
import { findBackups } from './find-backups';
import { type Manifest, rowsOf, writeManifest } from './manifest';
import { measured } from './measured';
import { faultyBackups, noteBackups } from './note-backups';
import { listRecordings } from './recordings';
import { readMigrations } from './schema';
import { writeScript } from './write-script';

/** Called with each table that is done, and its rows. */
export type Progress = (what: string, rows: number) => void;

/**
 * Makes a backup, and then deletes those whose time is over. Killed at any moment, it leaves what was there before: a
 * backup is one only with its manifest, which is written last.
 *
 * @throws Refusal where nobody could read it; Incomplete where it would not hold everything; whatever the store throws.
 */
export async function makeBackup(run: ClockRun, progress: Progress = () => undefined): Promise<Counts> {
  const recipients = env().BACKUP_AGE_RECIPIENTS;
  if (!recipients) {
    throw new Refusal('BACKUP_AGE_RECIPIENTS is missing: without it nobody could read a backup, and none was made.');
  }
  if (run.isDryRun) return inSnapshot(countRows);
  const store = storage('backups');
  const manifest = await inSnapshot((bulk) => writeBackup(bulk, store, recipients, run.signal, progress));
  const deleted = await deleteOldBackups(store, await run.asSystem(faultyBackups), now());
  await noteBackups(run, await findBackups(store));
  return { rows: rowsOf(manifest), bytes: manifest.bytes, recordings: manifest.recordings.count, deleted };
}

async function countRows(bulk: Bulk): Promise<Counts> {
  let rows = 0;
  for (const { sql } of (await readCatalog(bulk)).tables) {
    const [found] = await bulk.query<{ count: string }>(`SELECT count(*) FROM ${sql}`);
    rows += Number(found?.count);
  }
  return { rows };
}

/** Writes what a transaction sees into a store: the file, the list of recordings, and last the manifest. */
export async function writeBackup(
  bulk: Bulk,
  store: Storage,
  recipients: readonly string[],
  signal: AbortSignal,
  progress: Progress,
): Promise<Manifest> {
  const begun = now();
  const name = backupName(begun);
  const keys = backupKeys(name);
  const keepUntil = backupKeptUntil(begun);
  const catalog = await readCatalog(bulk);
  const migrations = await readMigrations(catalog);

  const tables: Manifest['tables'] = [];
  const onTable = (table: string, content: { rows: number; hash: string }) => {
    tables.push({ name: table, ...content });
    progress(table, content.rows);
  };
  const script = writeScript(bulk, { name, catalog, migrations, onTable });
  const compression = bestCompression;
  const file = await put(script, compress(compression), (plain) => encryptTo(recipients, plain), {
    store,
    key: keys.script(compression),
    keepUntil,
    signal,
  });

  const recordings = listRecordings(bulk);
  await put(recordings.lines, compress('gzip'), encrypt, { store, key: keys.recordings, keepUntil, signal });

  const manifest: Manifest = {
    format: 1,
    name,
    madeAt: begun,
    seconds: Math.round((now().getTime() - begun.getTime()) / 1000),
    compression,
    ...file,
    migration: catalog.migrations.at(-1)?.name ?? '',
    postgres: catalog.postgres,
    tables,
    recordings: recordings.content(),
  };
  await store.put(keys.manifest, streamOf(writeManifest(manifest)), { keepUntil });
  return manifest;
}

type Place = {
  readonly store: Storage;
  readonly key: string;
  readonly keepUntil: Date;
  readonly signal: AbortSignal;
};

/** Streams a text through a compressor and an encryption into the store; never more of it at once than fits the pipes. */
async function put(
  text: AsyncIterable<Buffer | string>,
  compressor: Transform,
  seal: (plain: Bytes) => Promise<Bytes>,
  { store, key, keepUntil, signal }: Place,
): Promise<{ readonly bytes: number; readonly sha256: string }> {
  const file = measured();
  const compressed = pipeline(text, compressor, { signal });
  compressed.catch(() => undefined); // it ends the stream that the store reads, which is how it is told of below
  try {
    const sealed = await seal(ReadableStream.from(compressor) as Bytes);
    await store.put(key, sealed.pipeThrough(file.stream), { keepUntil });
    await compressed;
  } catch (error) {
    compressor.destroy(); // a store that failed reads no more: what writes must not wait for it
    throw await compressed.then(
      () => error,
      (cause: unknown) => (isConsequence(cause) && !signal.aborted ? error : cause),
    );
  }
  const stored = await store.stat(key);
  if (stored?.bytes !== file.bytes()) throw new Error('the store has not kept what it was given');
  return { bytes: file.bytes(), sha256: file.sha256() };
}

/** The compressor was ended because the store failed, and not the other way round. */
const isConsequence = (error: unknown) => ['ABORT_ERR', 'ERR_STREAM_PREMATURE_CLOSE'].includes(Object(error).code);

const streamOf = (text: string): Bytes => new Blob([text]).stream() as Bytes;
