/**
 * The manifest beside a backup: what it must be, so that it can be checked without being opened, and what is in it, so
 * that it can be checked once it is. Signed: whoever can write to the bucket can make a backup that opens with our key,
 * of SQL that they would like the owner of the database to run.
 */
import { z } from 'zod';
import { readSignedPaper, signedPaper } from '@/lib/platform/authentic';
import { COMPRESSIONS } from '@/lib/platform/compression';
import { isBackupName } from '@/lib/rules/backups';

const count = z.int().nonnegative();
const sha256 = z.string().regex(/^[0-9a-f]{64}$/);

const shape = z.strictObject({
  format: z.literal(1),
  name: z.string().refine(isBackupName),
  madeAt: z.iso.datetime().transform((text) => new Date(text)),
  seconds: count,
  compression: z.enum(COMPRESSIONS),
  /** Of the file as it is stored. */
  bytes: count,
  sha256,
  /** The last one that the database had. */
  migration: z.string(),
  postgres: z.string(),
  tables: z.array(z.strictObject({ name: z.string(), rows: count, hash: sha256 })),
  recordings: z.strictObject({ count, sha256 }),
});

export type Manifest = z.output<typeof shape>;

export const writeManifest = (manifest: Manifest): string => signedPaper(JSON.stringify(manifest));

/** The manifest of the backup of that name; `null` for what was not written by us, or was written for another. */
export function readManifest(name: string, paper: string): Manifest | null {
  const text = readSignedPaper(paper);
  if (text === null) return null;
  const { success, data } = shape.safeParse(JSON.parse(text));
  return success && data.name === name ? data : null;
}

export const rowsOf = ({ tables }: Manifest): number => tables.reduce((sum, { rows }) => sum + rows, 0);
