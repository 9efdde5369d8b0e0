'use server';

import { z } from 'zod';
import { counted } from '@/app/_ui/words';
import { dropHeld, letGo, wantBackup } from '@/lib/backup/held-jobs';
import { action } from '@/lib/doors/action';

const revalidate = ['/admin/backups'];

export const startBackup = action({
  requirePermission: 'manage_jobs',
  input: z.object({}),
  run: wantBackup,
  done: () => ({
    message: 'A backup has begun. It stands here once it is whole; look again in a moment.',
    starts: 'backup',
    revalidate,
  }),
});

export const letHeldJobsGo = action({
  requirePermission: 'manage_jobs',
  recent: true,
  input: z.object({}),
  run: letGo,
  done: (count) => ({ message: `${counted(count, 'job goes', 'jobs go')} on.`, revalidate }),
});

export const dropHeldJobs = action({
  requirePermission: 'manage_jobs',
  recent: true,
  input: z.object({}),
  run: dropHeld,
  done: (count) => ({ message: `${counted(count, 'job was', 'jobs were')} dropped.`, revalidate }),
});
