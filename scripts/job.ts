/** Runs a job of the clock from a shell: `npm run job -- sweep`. */
import { startClockJob } from '@/lib/jobs/start-clock-job';
import { env } from '@/lib/platform/env';
import { CLOCK_JOBS, clockJobNames, isClockJob } from '@/lib/rules/clock-jobs';
import { NotUnderstood, runCommand } from './support/command';

const help = `npm run job -- <job> [--dry-run]

Runs what the clock runs, once, and prints in numbers what it did. While the clock's own run is under way it does nothing
and says {"running":1}. With --dry-run it changes nothing and prints what it would do.

Jobs:
${clockJobNames.map((name) => `  ${name.padEnd(16)}${CLOCK_JOBS[name].does}`).join('\n')}

It works in the environment's database (DATABASE_URL), or, where none is set, in that of npm run dev and npm run demo.
`;

await runCommand({
  help,
  options: { 'dry-run': { type: 'boolean', default: false } },
  failure: 'The job failed',
  run: async ({ values, words }) => {
    const [name = '', ...others] = words;
    if (!isClockJob(name) || others.length > 0) throw new NotUnderstood(words, 'Which job?');
    env();
    console.error(`Running ${name} …`);
    console.log(JSON.stringify({ job: name, ...(await startClockJob(name, { isDryRun: values['dry-run'] })) }));
    return 0;
  },
});
