'use server';

import { z } from 'zod';
import { counted } from '@/app/_ui/words';
import { action } from '@/lib/doors/action';
import { startByHand } from '@/lib/jobs/start-by-hand';
import { tryAgain } from '@/lib/jobs/try-again';
import { servedClockJobs } from '@/lib/rules/clock-jobs';

const revalidate = ['/admin/jobs'];

export const startJob = action({
  requirePermission: 'manage_jobs',
  input: z.object({ job: z.enum(servedClockJobs) }),
  run: startByHand,
  done: (starts) => ({ message: 'It has begun. How it went stands here; look again in a moment.', starts, revalidate }),
});

export const tryJobsAgain = action({
  requirePermission: 'manage_jobs',
  input: z.object({ kind: z.string().regex(/^[a-z_]{1,40}$/) }),
  run: tryAgain,
  done: (count) => ({ message: `${counted(count, 'job is', 'jobs are')} being tried again.`, revalidate }),
});
