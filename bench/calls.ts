/**
 * A thousand calls of six turns, fifty at a time, through the production build, which is killed and started again about
 * half-way: `npm run bench -- calls`. Says how many are whole afterwards, and how long they took.
 */
import '@/tests/support/environment';
import { randomInt } from 'node:crypto';
import { cpus, totalmem } from 'node:os';
import { build } from '@/scripts/support/build';
import type { CallRequest } from '@/simulator/call';
import { seeded } from '@/simulator/random';
import type { CallerAct } from '@/simulator/script';
import { startApplication } from '@/tests/support/application';
import { leavesMessage, placeCalls, tollOf } from '@/tests/support/callers';
import { catchUp } from '@/tests/support/catch-up';
import { hostFallback } from '@/tests/support/fallback-host';
import { makeBusiness, makePerson, ownerClient } from '@/tests/support/rows';
import { makeDatabase, openTestServer } from '@/tests/support/test-server';
import { isJson, tell } from './figures';

const CALLS = 1_000;
const AT_ONCE = 50;
const TURNS = 6;

/** Says nothing, hears the hours, is not understood, chooses to leave a message: between the greeting and the message. */
const ANSWERS: readonly CallerAct[] = ['silence', { press: '3' }, { say: 'bananas' }, { press: '1' }];

const seed = process.env.BENCH_SEED ?? String(randomInt(1_000_000));
const killAfter = seeded(seed).between(CALLS * 0.4, CALLS * 0.6);

await tell('Building the application', build);
const { server, stop } = await openTestServer('bench');
const database = await makeDatabase(server);
const owner = ownerClient(database.owner);
const elsewhere = await hostFallback();
const app = await startApplication({}, { voiceFallback: elsewhere.url });
const { id: businessId, number } = await makeBusiness(owner);
await makePerson(owner, { member: { businessId, role: 'business_owner' } });
const dayBefore = new Date(Date.now() - 86_400_000);
// Else the month is used up after a hundred calls, and the others hear no menu.
await owner.business.updateMany({ data: { monthlyMinutesLimit: 1_000_000 } });
await owner.phoneRoute.updateMany({ data: { createdAt: dayBefore } });

const calls = Array.from(
  { length: CALLS },
  (_, n): CallRequest => ({
    to: number,
    from: `+1415${String(5_550_000 + n)}`,
    at: new Date(Date.now() - 600_000),
    script: leavesMessage(`Please call me back, I am number ${n}.`, ANSWERS),
  }),
);
let ended = 0;
let away = 0;
let restarted = Promise.resolve();
const begun = performance.now();
const placed = await tell(`${CALLS} calls, ${AT_ONCE} at a time, killed after ${killAfter} (BENCH_SEED=${seed})`, () =>
  placeCalls(app.network, calls, AT_ONCE, () => {
    ended += 1;
    if (ended !== killAfter) return;
    const killed = performance.now();
    restarted = app.killAndRestart().then(() => {
      away = performance.now() - killed;
    });
  }),
);
await restarted;
const took = performance.now() - begun;
await tell('Letting the clock go round', () => catchUp(app, owner));

const toll = await tollOf(owner, placed);
const undisturbed = placed.filter(({ events }) => events.every(({ type }) => type !== 'failed'));
const requests = (call: (typeof placed)[number]) => call.events.filter(({ type }) => type === 'requested').length;
const ofSixTurns = undisturbed.filter((call) => requests(call) === TURNS).length;
const figures = {
  machine: `${cpus().length} × ${cpus()[0]?.model ?? 'unknown'}, ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.versions.node}`,
  seed,
  ...toll,
  fellBack: placed.length - undisturbed.length,
  ofSixTurns,
  secondsAway: Math.round(away / 100) / 10,
  seconds: Math.round(took / 100) / 10,
  callsASecond: Math.round((CALLS / took) * 10_000) / 10,
  turnsASecond: Math.round(((CALLS * TURNS) / took) * 10_000) / 10,
};
if (isJson) console.log(JSON.stringify(figures));
else for (const [what, figure] of Object.entries(figures)) console.log(`${what.padEnd(14)}${figure}`);

await app.stop();
await elsewhere.stop();
await owner.$disconnect();
await stop();
const isWhole = toll.heard === CALLS && toll.missing === 0 && toll.doubled === 0;
process.exitCode = isWhole && ofSixTurns === undisturbed.length ? 0 : 1;
