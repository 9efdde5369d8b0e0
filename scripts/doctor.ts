/** Looks the house over before somebody moves in: `npm run doctor`. */
import { parseArgs } from 'node:util';
import { database } from '@/lib/platform/db';
import { EnvError, env } from '@/lib/platform/env';
import { checkClock, checkLogins, checkMigrations } from './support/check-database';
import { checkKeys, checkLimits, checkMail, checkSchedule } from './support/check-rest';
import { checkStorage } from './support/check-storage';
import { checkAddress, checkTwilio } from './support/check-twilio';
import { standInDevEnv } from './support/dev-env';
import { type Check, type Finding, look, wrong } from './support/findings';
import { plainFailure } from './support/plain-failure';

const help = `npm run doctor

Looks at everything that the application needs, from this machine and with this environment, and says what is wrong and
how to mend it. It puts one small file into each store and takes it out again; it changes nothing else, sends no mail and
makes no call. It prints no secret.

  environment   every variable, its form, and what belongs together
  database      who the logins are: refuses a superuser or an owner as the login that serves
  migrations    the database is as new as this code
  keys          they open what was sealed first and last
  storage       recordings and backups: written, read, listed, deleted, and closed to strangers
  clock         this machine and the database agree on the time
  mail          the mail server lets us in
  limits        the store that counts tries answers
  Twilio        account, and what each number calls
  address       the application answers at APP_URL, and refuses who is not Twilio
  schedule      the clock starts what it should

Exit code: 0 nothing is wrong (doubts may be), 1 something is wrong, 2 not understood.

It looks at the environment's variables, or, where DATABASE_URL is not set, at those of npm run dev and npm run demo.
`;

/** A check stands on those that are named in `after`: where one of them found something wrong, it is not looked at. */
const checks: readonly { readonly name: string; readonly after: readonly string[]; readonly check: Check }[] = [
  { name: 'environment', after: [], check: checkEnvironment },
  { name: 'database', after: ['environment'], check: checkLogins },
  { name: 'migrations', after: ['environment', 'database'], check: checkMigrations },
  { name: 'keys', after: ['environment', 'database', 'migrations'], check: checkKeys },
  { name: 'storage', after: ['environment'], check: checkStorage },
  { name: 'clock', after: ['environment', 'database', 'migrations'], check: checkClock },
  { name: 'mail', after: ['environment'], check: checkMail },
  { name: 'limits', after: ['environment', 'database'], check: checkLimits },
  { name: 'Twilio', after: ['environment', 'database', 'migrations'], check: checkTwilio },
  { name: 'address', after: ['environment'], check: checkAddress },
  { name: 'schedule', after: ['environment', 'database', 'migrations'], check: checkSchedule },
];

async function checkEnvironment(): Promise<readonly Finding[]> {
  try {
    env();
    return [];
  } catch (error) {
    if (!(error instanceof EnvError)) throw error;
    return error.message.split('\n').map(wrong);
  }
}

/** @returns the exit code. */
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
  if (positionals.length > 0) {
    console.error(`This is not understood: ${positionals.join(' ')}.\n\n${help}`);
    return 2;
  }
  standInDevEnv();

  const ill = new Set<string>();
  let doubts = 0;
  for (const { name, after, check } of checks) {
    if (after.some((other) => ill.has(other))) {
      say(name, 'not looked at', []);
      continue;
    }
    const findings = await look(check);
    const isIll = findings.some(({ is }) => is === 'wrong');
    if (isIll) ill.add(name);
    doubts += findings.filter(({ is }) => is === 'doubtful').length;
    say(name, isIll ? 'WRONG' : findings.length > 0 ? 'doubtful' : 'fine', findings);
  }
  console.log(
    `\n${ill.size === 0 ? 'Nothing is wrong' : `${ill.size} wrong`}${doubts > 0 ? `, ${doubts} to think about` : ''}.`,
  );
  return ill.size > 0 ? 1 : 0;
}

function say(name: string, how: string, findings: readonly Finding[]): void {
  console.log(`${name.padEnd(14)}${how}`);
  for (const { is, text } of findings) console.log(`  ${is === 'wrong' ? '✗' : '?'} ${text}`);
}

main(process.argv.slice(2)).then(
  async (code) => {
    if (process.env.DATABASE_URL)
      await database()
        .pool.end()
        .catch(() => undefined);
    process.exit(code);
  },
  (error: unknown) => {
    console.error(plainFailure(error, 'The house could not be looked over'));
    process.exit(1);
  },
);
