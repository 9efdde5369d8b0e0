/** Makes an admin: `npm run admin -- create`. */
import { createInterface } from 'node:readline/promises';
import { createAdmin } from '@/lib/accounts/administration/create-admin';
import { command } from '@/lib/doors/command';
import { env } from '@/lib/platform/env';
import { linkMinutes } from '@/lib/rules/lockout';
import { NotUnderstood, runCommand } from './support/command';

const help = `npm run admin -- create [e-mail]

Makes an account that runs the platform, and prints a link, once. Whoever opens it within ${linkMinutes} minutes chooses the
name and the password; it works once. Run again with the same e-mail, it prints a new link for as long as nobody used one.
No password is asked for, made or printed here.

Options:
  --another   make one more where the platform has an admin already

It works in the environment's database (DATABASE_URL), or, where none is set, in that of npm run dev and npm run demo.
The link begins with APP_URL.
`;

async function ask(question: string): Promise<string> {
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return await terminal.question(question);
  } finally {
    terminal.close();
  }
}

await runCommand({
  help,
  options: { another: { type: 'boolean', default: false } },
  failure: 'No admin was made',
  run: async ({ values, words }) => {
    const [verb, given, ...others] = words;
    if (verb !== 'create' || others.length > 0) throw new NotUnderstood(words, 'What to do?');
    env();
    const email = (given ?? (await ask('E-mail of the new admin: '))).trim();
    const link = await command((visit) => createAdmin(visit, { email, another: values.another }));
    console.error(`Open this within ${linkMinutes} minutes. It works once, and is not shown again:`);
    console.log(link);
    return 0;
  },
});
