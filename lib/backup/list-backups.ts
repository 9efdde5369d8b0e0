import type { BackupFault } from '@/lib/generated/prisma/enums';
import type { Operator, Visit } from '@/lib/platform/visit';

type ListedBackup = {
  readonly name: string;
  readonly madeAt: Date;
  readonly seconds: number;
  readonly bytes: number;
  readonly rows: number;
  readonly recordings: number;
  readonly checkedAt: Date | null;
  readonly fault: BackupFault | null;
  readonly drilledAt: Date | null;
  readonly drillSeconds: number | null;
  readonly drillFault: string | null;
};

/** More than are kept, with some begun by hand. */
const MOST = 60;

/** The backups that are in the store, the newest first, and what else the operator has to know of them. */
export async function listBackups({ tx, now }: Visit<Operator>) {
  const select = {
    name: true,
    madeAt: true,
    seconds: true,
    bytes: true,
    rowCount: true,
    recordings: true,
    checkedAt: true,
    fault: true,
    drilledAt: true,
    drillSeconds: true,
    drillFault: true,
  } as const;
  const rows = await tx.backup.findMany({
    where: { deletedAt: null },
    orderBy: { madeAt: 'desc' },
    take: MOST,
    select,
  });
  const backups = rows.map(
    ({ bytes, rowCount, ...backup }): ListedBackup => ({ ...backup, bytes: Number(bytes), rows: Number(rowCount) }),
  );
  // Of all, also of those that are deleted by now.
  const lastDrill = await tx.backup.findFirst({
    where: { drilledAt: { not: null } },
    orderBy: { drilledAt: 'desc' },
    select: { drilledAt: true, drillSeconds: true, drillFault: true },
  });
  const lastRun = await tx.jobRun.findFirst({
    where: { job: 'backup' },
    orderBy: { startedAt: 'desc' },
    select: { startedAt: true, endedAt: true, outcome: true, leasedUntil: true },
  });
  const heldJobs = await tx.job.count({ where: { heldAt: { not: null }, doneAt: null, deadAt: null } });
  return { now, backups, lastDrill, lastRun, heldJobs };
}
