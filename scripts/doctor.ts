/** Looks the house over before somebody moves in: `npm run doctor`. */
import { EnvError, env } from '@/lib/platform/env';
import { checkClock, checkLogins, checkMigrations } from './support/check-database';
import { checkKeys, checkLimits, checkMail, checkSchedule } from './support/check-rest';
import { checkStorage } from './support/check-storage';
import { checkAddress, checkTwilio } from './support/check-twilio';
import { NotUnderstood, runCommand } from './support/command';
import { type Check, type Finding, look, wrong } from './support/findings';

const help = `npm run doctor

Looks at everything that the application needs, from this machine and with this environment, and says what is wrong and
how to mend it. It puts one small file into each store and takes it out again; it changes nothing else, sends no mail and
makes no call. It prints no secret.

  environment   every variable, its form, and what belongs together
  database      who the logins are: refuses a superuser or an owner as the login that serves
  migrations    the database is as new as this code
  keys          they open what was sealed first and last, and find it
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

/** @returns the exit code: 1 something is wrong. */
async function lookOver(): Promise<number> {
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

await runCommand({
  help,
  failure: 'The house could not be looked over',
  run: async ({ words }) => {
    if (words.length > 0) throw new NotUnderstood(words, '');
    return lookOver();
  },
});
