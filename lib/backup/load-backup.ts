/** A backup into a database, which is then exactly what was backed up but for what may not be open any more. */
import { type Bulk, COPY_ALIKE } from '@/lib/platform/bulk';
import { Refusal } from '@/lib/platform/errors';
import type { Fetched } from './fetch-backup';
import type { Progress } from './make-backup';
import { partsOf } from './read-backup';
import { tableContent } from './table-content';

/** What was restored is not what was backed up. */
export class RestoredOtherwise extends Error {
  override name = 'RestoredOtherwise';
}

/**
 * Loads a backup that was checked into an empty database, as its owner. All rows are one transaction: their hashes are
 * compared before anything else touches them, and either all of them are there in the end or none.
 *
 * @throws Refusal where the database is not empty; RestoredOtherwise where a table is not what was backed up.
 */
export async function loadBackup(
  bulk: Bulk,
  { manifest, read }: Fetched,
  identities: readonly string[],
  progress: Progress,
): Promise<void> {
  if (!(await isEmpty(bulk))) {
    throw new Refusal(
      'This database is not empty, and nothing was changed in it. Restore into a new one, or use --force, which deletes what is there.',
    );
  }
  const copies = new Map<string, string>();
  for await (const part of partsOf(read(), manifest, identities)) {
    if (part.kind === 'sql') await bulk.query(part.sql);
    if (part.kind === 'rows') {
      await bulk.copyIn(part.copy, part.rows);
      copies.set(part.table, part.copy);
      progress(part.table, manifest.tables.find(({ name }) => name === part.table)?.rows ?? 0);
    }
    if (part.kind === 'rows are in') await compare(bulk, manifest.tables, copies);
  }
}

export async function isEmpty(bulk: Bulk): Promise<boolean> {
  const rows = await bulk.query(`SELECT FROM pg_class WHERE relnamespace = 'public'::regnamespace LIMIT 1`);
  return rows.length === 0;
}

/** Reads every table back, as COPY wrote it into the backup. */
async function compare(
  bulk: Bulk,
  tables: Fetched['manifest']['tables'],
  copies: ReadonlyMap<string, string>,
): Promise<void> {
  await bulk.query(COPY_ALIKE);
  for (const { name, rows, hash } of tables) {
    const content = tableContent();
    const copy = copies.get(name)?.replace(/ FROM stdin$/, ' TO STDOUT');
    if (copy === undefined) throw new RestoredOtherwise(`${name} is missing`);
    for await (const piece of bulk.copyOut(copy)) content.add(piece);
    const found = content.end();
    if (found.rows !== rows || found.hash !== hash) throw new RestoredOtherwise(`${name} is not what was backed up`);
  }
}
