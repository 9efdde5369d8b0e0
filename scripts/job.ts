/** Runs a job of the clock from a shell: `npm run job -- sweep`. */
import { parseArgs } from 'node:util';
import { startClockJob } from '@/lib/jobs/start-clock-job';
import { database } from '@/lib/platform/db';
import { env } from '@/lib/platform/env';
import { CLOCK_JOBS, clockJobNames, isClockJob } from '@/lib/rules/clock-jobs';
import { standInDevEnv } from './support/dev-env';
import { plainFailure } from './support/plain-failure';

const help = `npm run job -- <job> [--dry-run]

Runs what the clock runs, once, and prints in numbers what it did. While the clock's own run is under way it does nothing
and says {"running":1}. With --dry-run it changes nothing and prints what it would do.

Jobs:
${clockJobNames.map((name) => `  ${name.padEnd(16)}${CLOCK_JOBS[name].does}`).join('\n')}

It works in the environment's database (DATABASE_URL), or, where none is set, in that of npm run dev and npm run demo.
`;

/** @returns the exit code: 0 done, 1 failed, 2 not understood. */
async function main(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...args],
    options: { help: { type: 'boolean', short: 'h' }, 'dry-run': { type: 'boolean', default: false } },
    allowPositionals: true,
  });
  if (values.help) {
    console.log(help);
    return 0;
  }
  const [name = '', ...others] = positionals;
  if (!isClockJob(name) || others.length > 0) {
    console.error(`${name ? `There is no job called ${positionals.join(' ')}.` : 'Which job?'}\n\n${help}`);
    return 2;
  }
  standInDevEnv();
  env();
  console.error(`Running ${name} …`);
  console.log(JSON.stringify({ job: name, ...(await startClockJob(name, { isDryRun: values['dry-run'] })) }));
  await database().prisma.$disconnect();
  return 0;
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  console.error(plainFailure(error, 'The job failed'));
  process.exitCode = 1;
}
