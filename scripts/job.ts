/** Runs a job of the clock from a shell: `npm run job -- sweep`. */
import { parseArgs } from 'node:util';
import { cronJobs } from '@/lib/jobs/cron-jobs';
import { database } from '@/lib/platform/db';
import { env } from '@/lib/platform/env';
import { readDevEnv } from './support/dev-env';
import { plainFailure } from './support/plain-failure';

const help = `npm run job -- <job>

Runs what the clock runs, once, and prints in numbers what it did. Jobs may run at the same time as the clock's.

Jobs:
  sweep    work off what is due: recordings to fetch, people to tell, copies to delete at Twilio

It works in the environment's database (DATABASE_URL), or, where none is set, in that of npm run dev and npm run demo.
`;

/** @returns the exit code: 0 done, 1 failed, 2 not understood. */
async function main(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...args],
    options: { help: { type: 'boolean', short: 'h' } },
    allowPositionals: true,
  });
  if (values.help) {
    console.log(help);
    return 0;
  }
  const [name = '', ...others] = positionals;
  const run = Object.hasOwn(cronJobs, name) ? cronJobs[name] : undefined;
  if (!run || others.length > 0) {
    console.error(`${name ? `There is no job called ${positionals.join(' ')}.` : 'Which job?'}\n\n${help}`);
    return 2;
  }
  if (!process.env.DATABASE_URL) for (const [key, value] of Object.entries(readDevEnv())) process.env[key] ||= value;
  env();
  console.error(`Running ${name} …`);
  console.log(JSON.stringify({ job: name, ...(await run()) }));
  await database().prisma.$disconnect();
  return 0;
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  console.error(plainFailure(error, 'The job failed'));
  process.exitCode = 1;
}
