/**
 * How many rings a second are answered, and how quickly, beside a bare route handler of Next that returns fixed TwiML; and
 * whether memory grows: `npm run bench -- webhook [--json]`. Turn by turn in one run, 20 calls at once.
 */
import '@/tests/support/environment';
import { readFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { build } from '@/scripts/support/build';
import { startApplication } from '@/tests/support/application';
import { freePort } from '@/tests/support/redis';
import { makeBusiness, ownerClient } from '@/tests/support/rows';
import { makeDatabase, openTestServer } from '@/tests/support/test-server';
import { buildBareNext, end, launchBareNext } from './bare-next';
import { isJson, middle, tell } from './figures';
import { type Rung, ringMany, untilAnswered } from './ringing';

const AT_ONCE = 20;
const ROUNDS = 5;
const CALLS = 1_000;
const MEMORY_AFTER = [10_000, 100_000] as const;

await tell('Building the application', build);
await tell('Building the rival', async () => buildBareNext());
const { server, stop } = await openTestServer('bench');
const { owner: url } = await makeDatabase(server);
const owner = ownerClient(url);
const { number } = await makeBusiness(owner);
const app = await startApplication();
const port = await freePort();
const rival = launchBareNext(port);
const bare = `http://127.0.0.1:${port}`;
await untilAnswered(bare, number);

let answered = 0;
async function ours(calls: number): Promise<Rung> {
  answered += calls;
  return ringMany(app.url, number, calls, AT_ONCE);
}
const theirs = (calls: number) => ringMany(bare, number, calls, AT_ONCE);

await ours(CALLS);
await theirs(CALLS);
await owner.$executeRaw`ANALYZE`; // as the server does by itself within a minute
const rounds: { readonly ours: Rung; readonly theirs: Rung }[] = [];
await tell(`${ROUNDS} rounds of ${CALLS} rings each, ${AT_ONCE} at once`, async () => {
  for (let round = 0; round < ROUNDS; round += 1) rounds.push({ theirs: await theirs(CALLS), ours: await ours(CALLS) });
});
await end(rival);

const megabytes = () => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${app.pid}/status`, 'utf8'))?.[1]) / 1024;
const memory: number[] = [];
for (const enough of MEMORY_AFTER) {
  await tell(`On to ${enough.toLocaleString('en-GB')} rings`, () => ours(enough - answered));
  memory.push(megabytes());
}

const perSecond = ({ each, whole }: Rung) => (each.length / whole) * 1000;
const slowest = ({ each }: Rung) => each[Math.floor(each.length * 0.99)] ?? 0;
const [early = 0, late = 0] = memory;
const round = (number: number, places = 1) => Number(number.toFixed(places));
const figures = {
  machine: `${cpus().length} × ${cpus()[0]?.model ?? 'unknown'}, Node ${process.versions.node}`,
  perSecond: round(middle(rounds.map((one) => perSecond(one.ours)))),
  perSecondBare: round(middle(rounds.map((one) => perSecond(one.theirs)))),
  share: round(middle(rounds.map((one) => perSecond(one.ours) / perSecond(one.theirs))), 2),
  p99: round(middle(rounds.map((one) => slowest(one.ours)))),
  p99Bare: round(middle(rounds.map((one) => slowest(one.theirs)))),
  p99Times: round(middle(rounds.map((one) => slowest(one.ours) / slowest(one.theirs))), 2),
  memoryEarly: round(early, 0),
  memoryLate: round(late, 0),
  memoryTimes: round(late / early, 2),
  /** Rings that were answered in time, but without the database. */
  fellBack: answered - (await owner.call.count()),
};
if (isJson) console.log(JSON.stringify(figures));
else {
  console.log(`
rings a second        ours ${figures.perSecond}, bare ${figures.perSecondBare}: ${figures.share} (aim: 0.5 at least)
p99, milliseconds     ours ${figures.p99}, bare ${figures.p99Bare}: ${figures.p99Times} times (aim: at most 2)
memory, MB            ${figures.memoryEarly} after 10,000, ${figures.memoryLate} after 100,000: ${figures.memoryTimes} times (aim: at most 1.2)
answered without the database: ${figures.fellBack} of ${answered}`);
}
await app.stop();
await owner.$disconnect();
await stop();
process.exitCode =
  figures.share >= 0.5 && figures.p99Times <= 2 && figures.memoryTimes <= 1.2 && figures.fellBack === 0 ? 0 : 1;
