import { cron } from '@/lib/doors/cron';
import { cronJobs } from '@/lib/jobs/cron-jobs';

/** Starts a job by the clock: vercel.json, or a cron of one's own, says when. */
export const GET = cron(cronJobs);
