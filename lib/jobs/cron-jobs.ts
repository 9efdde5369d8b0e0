import { sweep } from './run-jobs';

/** What the clock starts, by the name it has in `/api/cron/[job]` and in `npm run job`; each says in numbers what it did. */
export const cronJobs: Readonly<Record<string, () => Promise<Readonly<Record<string, number>>>>> = { sweep };
