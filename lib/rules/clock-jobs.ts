/**
 * What the clock starts, and when. `vercel.json`, the scheduler and the pages of the operator read it here. Times are
 * UTC, as Vercel Cron's are.
 */

type Schedule =
  | { readonly every: 'minute' }
  /** A number that divides the hour. */
  | { readonly every: 'minutes'; readonly minutes: number }
  | { readonly every: 'hour'; readonly minute: number }
  | { readonly every: 'day'; readonly hour: number; readonly minute: number }
  | { readonly every: 'month'; readonly day: number; readonly hour: number; readonly minute: number };

type ClockJobRule = {
  readonly schedule: Schedule;
  /** Minutes after its time from which a run that has not begun is late. */
  readonly lateAfter: number;
  /** Days that the record of a run is kept. */
  readonly recordKept: number;
  /**
   * Takes the key that opens backups, which the application never has: `npm run clock` runs it itself where that key is.
   * Whether it is late is told by what it leaves in the store (lib/backup/verify-backups.ts).
   */
  readonly byOperator?: true;
  /** What it does, for the operator: begins with a verb, ends without a stop. */
  readonly does: string;
};

export const CLOCK_JOBS = {
  sweep: {
    schedule: { every: 'minute' },
    lateAfter: 15,
    recordKept: 2,
    does: 'work off what is due: recordings to fetch, people to tell, copies to delete at Twilio',
  },
  escalate: {
    schedule: { every: 'minute' },
    lateAfter: 15,
    recordKept: 2,
    does: 'bring urgent calls that nobody has seen to the next person',
  },
  reconcile: {
    schedule: { every: 'minutes', minutes: 5 },
    lateAfter: 30,
    recordKept: 8, // longer than it looks back (rules/reconcile.ts)
    does: 'ask Twilio for the calls and recordings whose callbacks never came',
  },
  retention: {
    schedule: { every: 'day', hour: 3, minute: 10 },
    lateAfter: 120,
    recordKept: 400,
    does: 'delete what is kept no longer than promised, here and at Twilio, and anonymise old calls',
  },
  anonymise: {
    schedule: { every: 'month', day: 1, hour: 4, minute: 10 },
    lateAfter: 720,
    recordKept: 400,
    does: 'anonymise old calls and appointments, and nothing else',
  },
  'seal-audit': {
    schedule: { every: 'hour', minute: 7 },
    lateAfter: 90,
    recordKept: 60,
    does: 'seal what the trail has grown by, and bring the seals to the store',
  },
  backup: {
    schedule: { every: 'day', hour: 2, minute: 17 },
    lateAfter: 360,
    recordKept: 365,
    does: 'back up the database, and delete backups whose time is over',
  },
  'verify-backup': {
    schedule: { every: 'day', hour: 5, minute: 17 },
    lateAfter: 360,
    recordKept: 365,
    does: 'check that backups and recordings are in the store as they were written',
  },
  drill: {
    schedule: { every: 'month', day: 3, hour: 3, minute: 17 },
    lateAfter: 1440,
    recordKept: 730,
    byOperator: true,
    does: 'restore the newest backup into a throwaway database, and see whether it would do',
  },
  watch: {
    schedule: { every: 'hour', minute: 37 },
    lateAfter: 90,
    recordKept: 60,
    does: 'look for what does not happen: late jobs, calls without their message, lines that went quiet',
  },
} as const satisfies Record<string, ClockJobRule>;

export type ClockJobName = keyof typeof CLOCK_JOBS;
export const clockJobNames = Object.keys(CLOCK_JOBS) as readonly ClockJobName[];
/** Those that the application runs, when it is asked at `/api/cron/[job]`. */
export const servedClockJobs = clockJobNames.filter((name) => !isByOperator(name));
export function isByOperator(name: ClockJobName): boolean {
  const rule: ClockJobRule = CLOCK_JOBS[name];
  return rule.byOperator === true;
}
export const isClockJob = (text: string): text is ClockJobName => Object.hasOwn(CLOCK_JOBS, text);

const scheduleOf = (job: ClockJobName): Schedule => CLOCK_JOBS[job].schedule;

/** The schedule as a line of crontab(5). */
export function cronText(job: ClockJobName): string {
  const schedule = scheduleOf(job);
  if (schedule.every === 'minute') return '* * * * *';
  if (schedule.every === 'minutes') return `*/${schedule.minutes} * * * *`;
  if (schedule.every === 'hour') return `${schedule.minute} * * * *`;
  if (schedule.every === 'day') return `${schedule.minute} ${schedule.hour} * * *`;
  return `${schedule.minute} ${schedule.hour} ${schedule.day} * *`;
}

/** The schedule in words: "every day at 03:10 UTC". */
export function scheduleInWords(job: ClockJobName): string {
  const schedule = scheduleOf(job);
  const two = (number: number) => String(number).padStart(2, '0');
  if (schedule.every === 'minute') return 'every minute';
  if (schedule.every === 'minutes') return `every ${schedule.minutes} minutes`;
  if (schedule.every === 'hour') return `every hour, ${schedule.minute} minutes past`;
  const time = `${two(schedule.hour)}:${two(schedule.minute)} UTC`;
  return schedule.every === 'day' ? `every day at ${time}` : `on day ${schedule.day} of each month at ${time}`;
}

/** The first moment after `after` at which the job is to start. */
export function nextStart(job: ClockJobName, after: Date): Date {
  const schedule = scheduleOf(job);
  const next = new Date(after);
  next.setUTCSeconds(0, 0);
  if (schedule.every === 'minutes')
    next.setUTCMinutes(next.getUTCMinutes() - (next.getUTCMinutes() % schedule.minutes));
  else if (schedule.every !== 'minute') next.setUTCMinutes(schedule.minute);
  if (schedule.every === 'day' || schedule.every === 'month') next.setUTCHours(schedule.hour);
  if (schedule.every === 'month') next.setUTCDate(schedule.day);
  if (next > after) return next;
  if (schedule.every === 'minute') next.setUTCMinutes(next.getUTCMinutes() + 1);
  if (schedule.every === 'minutes') next.setUTCMinutes(next.getUTCMinutes() + schedule.minutes);
  if (schedule.every === 'hour') next.setUTCHours(next.getUTCHours() + 1);
  if (schedule.every === 'day') next.setUTCDate(next.getUTCDate() + 1);
  if (schedule.every === 'month') next.setUTCMonth(next.getUTCMonth() + 1);
  return next;
}

/** Whether the job should have started by now and has not: `lastStart` is null where it never ran, `since` when it could first. */
export function isLate(job: ClockJobName, lastStart: Date | null, since: Date, now: Date): boolean {
  const due = nextStart(job, lastStart ?? since);
  return now.getTime() > due.getTime() + CLOCK_JOBS[job].lateAfter * 60_000;
}
