/** Makes an admin: `npm run admin -- create`. */
import { createInterface } from 'node:readline/promises';
import { parseArgs } from 'node:util';
import { createAdmin } from '@/lib/accounts/administration/create-admin';
import { command } from '@/lib/doors/command';
import { database } from '@/lib/platform/db';
import { env } from '@/lib/platform/env';
import { linkMinutes } from '@/lib/rules/lockout';
import { standInDevEnv } from './support/dev-env';
import { plainFailure } from './support/plain-failure';

const help = `npm run admin -- create [e-mail]

Makes an account that runs the platform, and prints a link, once. Whoever opens it within ${linkMinutes} minutes chooses the
name and the password; it works once. Run again with the same e-mail, it prints a new link for as long as nobody used one.
No password is asked for, made or printed here.

Options:
  --another   make one more where the platform has an admin already

It works in the environment's database (DATABASE_URL), or, where none is set, in that of npm run dev and npm run demo.
The link begins with APP_URL.
`;

/** @returns the exit code: 0 done, 1 refused or failed, 2 not understood. */
async function main(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...args],
    options: { help: { type: 'boolean', short: 'h' }, another: { type: 'boolean', default: false } },
    allowPositionals: true,
  });
  if (values.help) {
    console.log(help);
    return 0;
  }
  const [verb, given, ...others] = positionals;
  if (verb !== 'create' || others.length > 0) {
    console.error(`${verb ? `This is not understood: ${positionals.join(' ')}.` : 'What to do?'}\n\n${help}`);
    return 2;
  }
  standInDevEnv();
  env();
  const email = (given ?? (await ask('E-mail of the new admin: '))).trim();
  try {
    const link = await command((visit) => createAdmin(visit, { email, another: values.another }));
    console.error(`Open this within ${linkMinutes} minutes. It works once, and is not shown again:`);
    console.log(link);
    return 0;
  } finally {
    await database().prisma.$disconnect();
  }
}

async function ask(question: string): Promise<string> {
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return await terminal.question(question);
  } finally {
    terminal.close();
  }
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  console.error(plainFailure(error, 'No admin was made'));
  process.exitCode = 1;
}
