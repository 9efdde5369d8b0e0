/**
 * Development: an embedded database, the pretend phone network, and Next's development server, which shows each change
 * at once. `npm run dev`
 */
import { launchHere } from './support/children';
import { inHouse, launchSimulator, phoneAddress } from './support/house';

const HELP = `Starts development, with nothing to set up:

  npm run dev

PORT chooses the port (3000). With DATABASE_URL and DIRECT_URL set, that database is used and none is started.
What it makes lies under .data/: the database, files, logs, and the generated secrets in dev.env.`;

async function main() {
  if (process.argv.includes('--help')) return console.log(HELP);
  await inHouse(async (port) => {
    launchSimulator();
    console.log('\n  Sign in as owner@aftercallpro.test; the password is DEMO_PASSWORD in .data/dev.env.');
    console.log(`  A phone to call it with: ${phoneAddress()}\n`);
    const server = launchHere(['node_modules/next/dist/bin/next', 'dev', '-H', '127.0.0.1', '-p', String(port)]);
    if ((await server.ended) !== 0) throw new Error('The development server ended.');
  });
}

main().then(
  () => process.exit(),
  (error: Error) => {
    console.error(`\n${error.message}`);
    process.exit(1);
  },
);
