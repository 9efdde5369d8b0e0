/** Backups: what they are called, how long they are kept, and when the operator has to hear of them. */
import { KEPT_DAYS } from './retention';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** A backup is called by the moment it was made, in letters that any store takes: `20261122t013000.123z`. */
export const backupName = (madeAt: Date): string => madeAt.toISOString().toLowerCase().replaceAll(/[-:]/g, '');

/** The moment in a name. */
export const momentOf = (name: string): Date =>
  new Date(name.replace(/^(....)(..)(..)t(..)(..)(.*)z$/, '$1-$2-$3T$4:$5:$6Z'));

export const isBackupName = (text: string): boolean => /^\d{8}t\d{6}\.\d{3}z$/.test(text);

/** Where the parts of a backup lie. The manifest is written last: without it the rest is no backup. */
export const backupKeys = (name: string) =>
  ({
    manifest: `backups/${name}.manifest`,
    recordings: `backups/${name}.recordings.gz.age`,
    script: (compression: 'zstd' | 'gzip') => `backups/${name}.sql.${compression === 'zstd' ? 'zst' : 'gz'}.age`,
  }) as const;

/** Until when nobody may delete a backup, where the bucket can see to that: until it is deleted by us. */
export const backupKeptUntil = (madeAt: Date): Date => new Date(madeAt.getTime() + KEPT_DAYS.backup * DAY_MS);

type Aged = { readonly madeAt: Date; readonly isGood: boolean };

/** Those whose time is over. The last good one stays, however old it is: a bad backup is none. */
export function backupsToDelete<B extends Aged>(backups: readonly B[], now: Date): readonly B[] {
  const lastGood = backups
    .filter(({ isGood }) => isGood)
    .toSorted((a, b) => b.madeAt.getTime() - a.madeAt.getTime())[0];
  return backups.filter((backup) => backup !== lastGood && backupKeptUntil(backup.madeAt) <= now);
}

/** What a killed backup left behind has no manifest, and nobody is writing it any more. */
export const isLeftBehind = (storedAt: Date, now: Date): boolean => now.getTime() - storedAt.getTime() > DAY_MS;

/** A day, and half of one for a backup that takes its time. */
export const isBackupLate = (madeAt: Date, now: Date): boolean => now.getTime() - madeAt.getTime() > 36 * HOUR_MS;

/** Restoring is tried once a month; a backup that nobody has tried to restore is a hope. */
export const DRILL_EVERY_DAYS = 35;

export const daysSince = (then: Date, now: Date): number => Math.floor((now.getTime() - then.getTime()) / DAY_MS);
