import { cron } from '@/lib/doors/cron';
import { startClockJob } from '@/lib/jobs/start-clock-job';

/** Starts a job by the clock: vercel.json, or a cron of one's own, says when. */
export const GET = cron(startClockJob);
