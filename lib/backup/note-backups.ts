/** What the pages of the operator know of backups: written from the store, which is what counts. */

import type { BackupFault } from '@/lib/generated/prisma/enums';
import type { ClockRun } from '@/lib/jobs/clock-job';
import type { System, Visit } from '@/lib/platform/visit';
import { momentOf } from '@/lib/rules/backups';
import type { Found } from './find-backups';
import { isBackup } from './find-backups';
import { rowsOf } from './manifest';

/** Writes down which backups there are, and which are no longer. */
export async function noteBackups(run: ClockRun, found: readonly Found[]): Promise<void> {
  const there = found.filter(({ manifest }) => manifest !== 'none');
  await run.asSystem(async ({ tx, now }) => {
    await tx.backup.createMany({
      data: there.map((backup) => ({ name: backup.name, madeAt: momentOf(backup.name), ...factsOf(backup) })),
      skipDuplicates: true,
    });
    const names = there.map(({ name }) => name);
    await tx.backup.updateMany({ where: { name: { notIn: names }, deletedAt: null }, data: { deletedAt: now } });
  });
}

const factsOf = (found: Found) =>
  isBackup(found)
    ? {
        seconds: found.manifest.seconds,
        bytes: found.manifest.bytes,
        rowCount: rowsOf(found.manifest),
        recordings: found.manifest.recordings.count,
      }
    : { seconds: 0, bytes: found.bytes ?? 0, rowCount: 0, recordings: 0 };

/** Writes down what a check has found of a backup. */
export const noteCheck = ({ tx, now }: Visit<System>, name: string, fault: BackupFault | null) =>
  tx.backup.updateMany({ where: { name }, data: { checkedAt: now, fault } });

/** Those that a check has found fault with, by name. */
export async function faultyBackups({ tx }: Visit<System>): Promise<ReadonlySet<string>> {
  const rows = await tx.backup.findMany({ where: { fault: { not: null } }, select: { name: true } });
  return new Set(rows.map(({ name }) => name));
}
