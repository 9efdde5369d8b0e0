import { sealTrail } from '@/lib/audit/seal-trail';
import { drillNewest } from '@/lib/backup/drill-backup';
import { makeBackup } from '@/lib/backup/make-backup';
import { verifyBackups } from '@/lib/backup/verify-backups';
import { reconcile } from '@/lib/calls/reconcile';
import { escalate } from '@/lib/notifications/escalate';
import { watchHouse } from '@/lib/notifications/watch-house';
import { log } from '@/lib/platform/log';
import { anonymiseOld, retention } from '@/lib/privacy/retention';
import type { ClockJobName } from '@/lib/rules/clock-jobs';
import type { ClockJob, RunByCall } from './clock-job';
import { jobFigures } from './job-figures';
import { runClockJob } from './run-clock-job';
import { runJobs, sweep } from './run-jobs';
import { watch } from './watch';

const clockJobs: Readonly<Record<ClockJobName, ClockJob<RunByCall>>> = {
  sweep: async ({ isDryRun, asSystem }) => {
    if (isDryRun) return { due: (await asSystem(jobFigures)).due };
    await watchHouse(asSystem).catch((error: unknown) => log.error({ event: 'watch.failed', error }));
    return sweep();
  },
  escalate: async (run) => {
    const counts = await escalate(run);
    if (!run.isDryRun) await runJobs(); // at once: somebody waits
    return counts;
  },
  reconcile,
  'seal-audit': sealTrail,
  backup: (run) => makeBackup(run),
  'verify-backup': verifyBackups,
  drill: drillNewest,
  retention,
  anonymise: anonymiseOld,
  watch,
};

/**
 * Starts a job of the clock, by the name it has in `/api/cron/[job]` and in `npm run job`; it says in numbers what it did.
 *
 * @throws what the job throws.
 */
export const startClockJob = (name: ClockJobName, how?: { readonly isDryRun: boolean }) =>
  runClockJob(name, clockJobs[name], how);
