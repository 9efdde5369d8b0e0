/** A lost database comes back. */
import { type Bulk, connected } from '@/lib/platform/bulk';
import { now } from '@/lib/platform/clock';
import { Refusal } from '@/lib/platform/errors';
import { withBackup } from './fetch-backup';
import { isEmpty, loadBackup } from './load-backup';
import type { Progress } from './make-backup';
import { rowsOf } from './manifest';
import { checkContent } from './read-backup';

export type Restored = {
  readonly name: string;
  readonly madeAt: Date;
  readonly rows: number;
  /** From the first byte read to rows that were compared. */
  readonly seconds: number;
};

type Wish = {
  /** The newest, where none is said. */
  readonly name: string | null;
  /** The owner's address of the database to restore into. */
  readonly url: string;
  readonly identities: readonly string[];
  /** Delete what is in the database. */
  readonly isForced: boolean;
  /** Told of each step, and of each table in it. */
  readonly step: (title: string) => Progress;
};

/**
 * Checks a backup from end to end, and only then restores it. What was open when it was made is not open any more: sessions,
 * links, turns of the clock; and jobs wait. What was erased since is in it again until finish-restore.ts has run.
 *
 * @throws Refusal with what to do about it; Unreadable; RestoredOtherwise. Before the last of these nothing was changed, or
 *   the database has tables without rows.
 */
export function restoreBackup({ name, url, identities, isForced, step }: Wish): Promise<Restored> {
  const begun = now().getTime();
  return withBackup(name, async (backup) => {
    const { manifest } = backup;
    await checkContent(backup.read(), manifest, identities, step(`Checking ${manifest.name}`));
    await connected(url, async (bulk) => {
      await refuseWhileUsed(bulk);
      if (isForced && !(await isEmpty(bulk))) await bulk.query('DROP SCHEMA public CASCADE; CREATE SCHEMA public');
      await loadBackup(bulk, backup, identities, step('Restoring'));
    });
    const seconds = Math.round((now().getTime() - begun) / 1000);
    return { name: manifest.name, madeAt: manifest.madeAt, rows: rowsOf(manifest), seconds };
  });
}

/** An application that serves from a database that is being restored would answer callers from half of it. */
async function refuseWhileUsed(bulk: Bulk): Promise<void> {
  const [others] = await bulk.query<{ count: number }>(
    `SELECT count(*)::int FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() AND usesysid IS NOT NULL`,
  );
  if (others && others.count > 0) {
    throw new Refusal(
      `${others.count} others are connected to this database. Stop the application first. Nothing was changed.`,
    );
  }
}
