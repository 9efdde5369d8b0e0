/** The clock of a machine of one's own: `npm run clock`. On a host with a scheduler, that one asks the same addresses. */
import { setTimeout as pause } from 'node:timers/promises';
import { now } from '@/lib/platform/clock';
import { env } from '@/lib/platform/env';
import { Refusal } from '@/lib/platform/errors';
import {
  CLOCK_JOBS,
  type ClockJobName,
  clockJobNames,
  cronText,
  isByOperator,
  nextStart,
} from '@/lib/rules/clock-jobs';
import { launchHere, typescript } from './support/children';
import { NotUnderstood, runCommand } from './support/command';

const help = `npm run clock

Asks the application at APP_URL, with CRON_SECRET, to start each job at its time (UTC), until it is stopped:

${clockJobNames.map((name) => `  ${cronText(name).padEnd(12)} ${name.padEnd(14)} ${CLOCK_JOBS[name].does}`).join('\n')}

One is enough, and two do no harm: a job that is under way is not started again. The drill takes the key that opens
backups, which the application never has: it is run here where BACKUP_AGE_IDENTITY is set, and nowhere else.
`;

const TICK_MS = 1_000;

/** Starts a job, and says how it went; the application writes it down itself. */
async function ask(name: ClockJobName, origin: string, secret: string): Promise<void> {
  const headers = { authorization: `Bearer ${secret}` };
  const answer = await fetch(`${origin}/api/cron/${name}`, { headers, redirect: 'error' }).catch(() => null);
  const how = answer ? (answer.ok ? await answer.text() : `answered ${answer.status}`) : 'did not answer';
  console.log(`${now().toISOString()} ${name}: ${how}`);
}

/** Runs a job that the application has no key for. */
async function runHere(name: ClockJobName): Promise<void> {
  if (!env().BACKUP_AGE_IDENTITY) return;
  await launchHere([...typescript('scripts/job.ts'), name]).ended;
}

/** Looks every second whether a job's time has come: a machine that slept through it starts it when it wakes. */
async function tick(origin: string, secret: string): Promise<never> {
  const lastAsked = new Map(clockJobNames.map((name) => [name, now()] as const));
  const under = new Set<ClockJobName>();
  for (;;) {
    const at = now();
    for (const [name, last] of lastAsked) {
      if (under.has(name) || nextStart(name, last) > at) continue;
      lastAsked.set(name, at);
      under.add(name);
      const start = isByOperator(name) ? runHere(name) : ask(name, origin, secret);
      void start.finally(() => under.delete(name));
    }
    await pause(TICK_MS);
  }
}

await runCommand({
  help,
  failure: 'The clock stopped',
  run: async ({ words }) => {
    if (words.length > 0) throw new NotUnderstood(words, '');
    const { APP_URL, CRON_SECRET } = env();
    if (!CRON_SECRET)
      throw new Refusal('CRON_SECRET is missing: without it the application starts no job. See .env.example.');
    console.log(`Starting the jobs of ${APP_URL} at their times.`);
    return tick(APP_URL, CRON_SECRET);
  },
});
