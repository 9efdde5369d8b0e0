/** The job `verify-backup`: whether what is in the store would do, as far as that can be told without the key that opens it. */
import type { ClockRun, Counts } from '@/lib/jobs/clock-job';
import { wantAlert } from '@/lib/jobs/want-alert';
import { now } from '@/lib/platform/clock';
import { storage } from '@/lib/platform/storage';
import type { System, Visit } from '@/lib/platform/visit';
import { DRILL_EVERY_DAYS, daysSince, isBackupLate } from '@/lib/rules/backups';
import { checkFile, faultAtSight } from './check-file';
import { newestDrill, noteDrills } from './drills';
import { findBackups, isBackup } from './find-backups';
import { noteBackups, noteCheck } from './note-backups';
import { findMissing, type ListedRecording, readRecordings } from './recordings';

/** There is none to rely on, or something is not as it was written. What, stands at /admin/backups. */
export class UnsafeBackups extends Error {
  override name = 'UnsafeBackups';
}

/**
 * Reads the newest backup to its end and looks at the others; looks for every recording that it lists; and asks how long
 * ago one was last restored.
 *
 * @throws UnsafeBackups after all of it was written down.
 */
export async function verifyBackups(run: ClockRun): Promise<Counts> {
  const store = storage('backups');
  const found = (await findBackups(store)).filter(({ manifest }) => manifest !== 'none');
  if (!run.isDryRun) await noteBackups(run, found);
  let faulty = 0;
  for (const [place, backup] of found.entries()) {
    const fault = place === 0 ? await checkFile(store, backup) : faultAtSight(backup);
    if (fault !== null) faulty += 1;
    if (!run.isDryRun) await run.asSystem((visit) => noteCheck(visit, backup.name, fault));
  }
  const newest = found.find(isBackup);
  const missing = newest ? await countMissing(run, readRecordings(store, newest.manifest)) : 0;
  const drill = await newestDrill(store);
  const drillAgeDays = drill ? daysSince(drill.at, now()) : undefined;
  if (!run.isDryRun) {
    await noteDrills(run, store);
    if (drillAgeDays === undefined || drillAgeDays > DRILL_EVERY_DAYS) await run.asSystem(wantDrill);
  }
  const isUnsafe = !newest || isBackupLate(newest.manifest.madeAt, now()) || faulty > 0 || missing > 0;
  if (isUnsafe && !run.isDryRun) throw new UnsafeBackups('the backups cannot be relied on: see /admin/backups');
  return { backups: found.length, faulty, missing, ...(drillAgeDays !== undefined && { drillAgeDays }) };
}

/** Recordings that are listed, are not in the store, and have not been deleted on purpose since. */
async function countMissing(run: ClockRun, listed: AsyncIterable<ListedRecording>): Promise<number> {
  let count = 0;
  const batch: string[] = [];
  const look = async () => {
    const storageKey = { in: batch.splice(0) };
    const status = { in: ['stored' as const, 'settled' as const] };
    count += await run.asSystem(({ tx }) => tx.recording.count({ where: { storageKey, status } }));
  };
  for await (const { key } of findMissing(listed)) if (batch.push(key) === 500) await look();
  if (batch.length > 0) await look();
  return count;
}

/** Told once a week, until there is one. */
function wantDrill(visit: Visit<System>): Promise<void> {
  const week = Math.floor(visit.now.getTime() / (7 * 86_400_000));
  return wantAlert(visit, { alert: 'drill_late', reference: 'drill', about: `drill-late ${week}` });
}
