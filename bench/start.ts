/**
 * How long the first caller waits where nothing runs yet: from the start of a process to its first TwiML, beside a bare
 * Next application: `npm run bench -- start [--json]`. Turn by turn in one run.
 */
import '@/tests/support/environment';
import { spawn } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import path from 'node:path';
import { build } from '@/scripts/support/build';
import { freePort } from '@/tests/support/redis';
import { makeBusiness, ownerClient } from '@/tests/support/rows';
import { makeDatabase, openTestServer } from '@/tests/support/test-server';
import { buildBareNext, end, launchBareNext } from './bare-next';
import { isJson, middle, tell } from './figures';
import { ringOnce, untilAnswered } from './ringing';

const ROUNDS = 7;

await tell('Building the application', build);
await tell('Building the rival', async () => buildBareNext());
const { server, stop } = await openTestServer('bench');
const { owner: url } = await makeDatabase(server);
const owner = ownerClient(url);
const { number } = await makeBusiness(owner);
const workspace = mkdtempSync(path.join(tmpdir(), 'aftercallpro-'));

const launchOurs = (port: number) =>
  spawn(process.execPath, [path.resolve('scripts/start.mjs')], {
    cwd: workspace,
    stdio: 'ignore',
    env: { ...process.env, APP_URL: `http://127.0.0.1:${port}`, PORT: String(port), NODE_ENV: 'production' },
  });

/** Milliseconds to the first TwiML of a new process, and what the next ring takes. */
async function measure(launch: typeof launchOurs): Promise<{ readonly first: number; readonly next: number }> {
  const port = await freePort();
  const origin = `http://127.0.0.1:${port}`;
  const begun = performance.now();
  const child = launch(port);
  await untilAnswered(origin, number);
  const first = performance.now() - begun;
  const again = performance.now();
  await ringOnce(origin, number);
  const next = performance.now() - again;
  await end(child);
  return { first, next };
}

const ours: { first: number; next: number }[] = [];
const theirs: typeof ours = [];
await tell(`${ROUNDS} starts of each`, async () => {
  for (let round = 0; round < ROUNDS; round += 1) {
    theirs.push(await measure(launchBareNext));
    ours.push(await measure(launchOurs));
  }
});

const figures = {
  machine: `${cpus().length} × ${cpus()[0]?.model ?? 'unknown'}, Node ${process.versions.node}`,
  firstMs: Math.round(middle(ours.map(({ first }) => first))),
  firstBareMs: Math.round(middle(theirs.map(({ first }) => first))),
  nextMs: Math.round(middle(ours.map(({ next }) => next))),
  nextBareMs: Math.round(middle(theirs.map(({ next }) => next))),
  /** Of ours, the first and the next: answered in time, but without the database. */
  fellBack: 2 * ROUNDS - (await owner.call.count()),
};
if (isJson) console.log(JSON.stringify(figures));
else
  console.log(`
milliseconds          ours    bare
to the first TwiML ${String(figures.firstMs).padStart(7)} ${String(figures.firstBareMs).padStart(7)}
the next ring      ${String(figures.nextMs).padStart(7)} ${String(figures.nextBareMs).padStart(7)}
answered without the database: ${figures.fellBack} of ${2 * ROUNDS}`);
await owner.$disconnect();
await stop();
