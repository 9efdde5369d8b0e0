/** What is fast, measured: `npm run bench -- <what>`. */
import { parseArgs } from 'node:util';

const help = `npm run bench -- <what>

Measures on this machine, in a database of its own that it makes and drops. Leave the machine alone while it runs.

What:
  audit [entries …]  how long a search of the trail takes, its sealing and its verification (100,000 entries and a million,
                     unless told otherwise)
  auth               what headers, limiter, session check and audit add to a request, how much of a sign-in is argon2, and
                     whether its time tells if an address has an account
  calls [--json]     a thousand calls of six turns, fifty at a time, through an application that is killed and started again
                     half-way: how many are whole afterwards
  list [few many] [--json]  how long Today, Calls and Call take with 1,000 calls and with a million
  start [--json]     how long the first caller waits where nothing runs yet, beside a bare Next application
  webhook [--json]   how many rings a second are answered and how quickly, beside a bare route handler of Next; memory
  sealing            what sealing and opening a value takes, beside Fernet and @47ng/cloak
  retention          how fast what is over goes beside one raw DELETE, and how much memory that takes, at 100,000 calls and a
                     million
  backup [--mb 500]  backing up a database of that size, beside pg_dump | zstd -1 | age and pg_dump | gzip -6 | age
`;

const benches: Readonly<Record<string, () => Promise<unknown>>> = {
  audit: () => import('./audit'),
  auth: () => import('./auth'),
  calls: () => import('./calls'),
  list: () => import('./list'),
  start: () => import('./start'),
  webhook: () => import('./webhook'),
  sealing: () => import('./sealing'),
  retention: () => import('./retention'),
  backup: () => import('./backup'),
};

const { values, positionals } = parseArgs({
  options: { help: { type: 'boolean', short: 'h' }, mb: { type: 'string' }, json: { type: 'boolean' } },
  allowPositionals: true,
});
const [name = ''] = positionals;
const run = Object.hasOwn(benches, name) ? benches[name] : undefined;
if (values.help) console.log(help);
else if (run) await run();
else {
  console.error(`${name ? `There is nothing called ${name} to measure.` : 'Measure what?'}\n\n${help}`);
  process.exitCode = 2;
}
