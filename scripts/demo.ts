/**
 * The whole product on this machine: a database with a month of calls in it, the production build, and a phone network
 * through which somebody calls after hours. `npm run demo`
 */
import { build } from './support/build';
import { launch, type Running, typescript } from './support/children';
import { inHouse, launchSimulator, phoneAddress, untilAnswering } from './support/house';
import { placeEveningCall, placeSampleMonth } from './support/sample-calls';
import { seconds, step } from './support/step';

const HELP = `Shows the whole product on this machine, with nothing to set up:

  npm run demo

PORT chooses the port (3000). With DATABASE_URL and DIRECT_URL set, that database is used and none is started.
What it makes lies under .data/: the database, files, logs, and the generated secrets in dev.env. Ctrl-C stops it.`;

async function main() {
  if (process.argv.includes('--help')) return console.log(HELP);
  const begun = performance.now();
  console.log('\nAfterCallPro\n');
  await inHouse(async (port) => {
    await step('Building the application', build);
    const address = `http://127.0.0.1:${port}`;
    const application = await step('Starting the application', () => start(address));
    const network = await step('Starting the phone network', startNetwork);
    const clock = launch('clock', typescript('scripts/clock.ts'));
    await step('Placing a month of calls', placeSampleMonth);
    await placeEveningCall();
    introduce(address, performance.now() - begun);
    await untilOneEnds({ application, network, clock });
  });
}

async function start(address: string): Promise<Running> {
  const program = launch('application', ['scripts/start.mjs']);
  if (await untilAnswering(`${address}/api/health`, program)) return program;
  throw new Error(`The application did not start:\n${program.lastWords()}`);
}

async function startNetwork(): Promise<Running> {
  const program = launchSimulator();
  if (await untilAnswering(process.env.TWILIO_API_BASE_URL ?? '', program)) return program;
  throw new Error(`The phone network did not start:\n${program.lastWords()}`);
}

function introduce(address: string, took: number) {
  const people = [
    ['owner', 'an owner, whose morning list this is'],
    ['staff', 'a colleague'],
    ['user', 'an end user, with their own account alone'],
    ['admin', 'the operator of the platform, who first sets up a second factor (any authenticator app)'],
  ];
  console.log(`
Ready after ${seconds(took)}: ${address}/dashboard

Sign in with the password  ${process.env.DEMO_PASSWORD}
${people.map(([name, who]) => `  ${`${name}@aftercallpro.test`.padEnd(26)}${who}`).join('\n')}

Call it yourself from a phone in the browser: ${phoneAddress()}
or from another terminal with npm run call. Ctrl-C stops everything.`);
}

/** Neither of them should. */
async function untilOneEnds(programs: Readonly<Record<string, Running>>) {
  const ends = Object.entries(programs).map(async ([name, program]) => {
    await program.ended;
    throw new Error(`The ${name} stopped:\n${program.lastWords()}`);
  });
  await Promise.race(ends);
}

main().then(
  () => process.exit(),
  (error: Error) => {
    console.error(`\n${error.message}`);
    process.exit(1);
  },
);
