/**
 * Postgres is away, silent, slow or full, and a caller is on the line: they hear something within the budget, what was begun
 * is not half there, and the first call after it is answered as ever.
 */
import { afterAll, afterEach, describe, expect, test } from 'vitest';
import { startApplication } from '@/tests/support/application';
import { testDatabase } from '@/tests/support/database';
import { freshSid, makeBusiness, makePerson, ownerClient } from '@/tests/support/rows';
import { callFields, type Fields, sendSigned } from '@/tests/support/twilio-request';
import { layWire } from '@/tests/support/wire';

/** 1.5 seconds, and as much again as a machine that does other things may take. */
const BUDGET = 2_500;
/** How long anything may take to come back once its cause is gone. */
const PATIENCE = 20_000;

const { app: address, owner: ownerUrl } = await testDatabase();
const wire = await layWire(address);
const app = await startApplication({ DATABASE_URL: wire.over(address) });
const owner = ownerClient(ownerUrl);
const { id: businessId, number } = await makeBusiness(owner);
const person = await makePerson(owner, { member: { businessId, role: 'business_owner' } });
const database = new URL(address).pathname.slice(1);

afterEach(() => wire.mend());
afterAll(async () => {
  await app.stop();
  await wire.close();
  await owner.$disconnect();
});

const RECORDED = { RecordingUrl: 'https://api.twilio.com/x', RecordingSid: freshSid('RE'), RecordingDuration: '9' };
const VOICE: readonly (readonly [string, Fields])[] = [
  ['', {}],
  ['/turn?step=menu&attempt=1', { Digits: '1' }],
  ['/whisper?step=duty&attempt=1', { ParentCallSid: freshSid('CA') }],
  ['/dial-result?step=emergency&attempt=1', { DialCallStatus: 'no-answer', DialBridged: 'false' }],
  ['/recorded?step=message&attempt=1', RECORDED],
  ['/fallback', { ErrorCode: '11205', ErrorUrl: `${app.url}/api/twilio/voice/turn?step=urgent&attempt=1` }],
];
const CALLBACKS: readonly (readonly [string, Fields])[] = [
  ['/voice/status', { CallStatus: 'completed', CallDuration: '9' }],
  ['/recording', { ...RECORDED, RecordingStatus: 'completed' }],
  ['/transcription', { ...RECORDED, TranscriptionStatus: 'completed', TranscriptionText: 'Hello.' }],
];

async function call(path: string, more: Fields = {}, callSid = freshSid('CA')) {
  const since = performance.now();
  const answer = await sendSigned(app.url, `/api/twilio${path}`, callFields(callSid, number, more));
  return { status: answer.status, text: await answer.text(), milliseconds: performance.now() - since };
}

/** Every kind of voice request at once, from so many callers each: all hear something in time. Gives their calls. */
async function everyCallerHearsSomething(callers = 1): Promise<string[]> {
  const calls = VOICE.flatMap((one) => Array.from({ length: callers }, () => [...one, freshSid('CA')] as const));
  for (const answer of await Promise.all(calls.map(([path, more, callSid]) => call(`/voice${path}`, more, callSid)))) {
    expect(answer.status).toBe(200);
    expect(answer.text).toMatch(/^<\?xml[^>]*><Response>.*<Say/s);
    expect(answer.milliseconds).toBeLessThan(BUDGET);
  }
  return calls.map(([, , callSid]) => callSid);
}

/** A call is answered with what only the database knows, and somebody who is signed in sees their page. */
async function works() {
  await expect.poll(async () => (await call('/voice')).text, { timeout: PATIENCE }).toContain('<Gather');
  const headers = await app.as(person.sessionId);
  const today = async () => (await fetch(`${app.url}/dashboard`, { headers, redirect: 'manual' })).status;
  await expect.poll(today, { timeout: PATIENCE }).toBe(200);
}

/** Everything that is written of a call hangs on its row. */
const written = (callSids: string[]) =>
  owner.call.findMany({ where: { callSid: { in: callSids } }, select: { status: true, intent: true } });

/** What the application has open with the server, as that sees it. */
const openTransactions = async () => {
  const [found] = await owner.$queryRaw<{ count: bigint }[]>`
    SELECT count(*) FROM pg_stat_activity
    WHERE datname = ${database} AND application_name = 'aftercallpro' AND state <> 'idle'`;
  return Number(found?.count);
};

describe('fault 1: while Postgres', () => {
  test('V16.5.2 is stopped, callers hear something, callbacks are told to come again, and nothing is written', async () => {
    wire.cut();
    const calls = await everyCallerHearsSomething();
    for (const [path, more] of CALLBACKS) expect((await call(path, more)).status).toBe(503);
    wire.mend();
    await works();
    expect(await written(calls)).toEqual([]);
  });

  test('says nothing, not even no', async () => {
    wire.block();
    const calls = await everyCallerHearsSomething(3);
    const callbacks = CALLBACKS.map(([path, more]) => call(path, more));
    for (const { status } of await Promise.all(callbacks)) expect(status).toBe(503);
    wire.mend();
    await works();
    expect(await written(calls)).toEqual([]);
  });

  test('has gone silent for good, and another has taken its place', async () => {
    wire.block();
    await everyCallerHearsSomething(3);
    wire.mendForNewOnes();
    await works();
  });

  test('takes its time', async () => {
    wire.slow(300);
    const calls = await everyCallerHearsSomething();
    wire.mend();
    await works();
    expect(await written(calls)).toEqual([]);
  });

  test('has no connection left', async () => {
    await owner.$executeRawUnsafe(`ALTER DATABASE "${database}" CONNECTION LIMIT 0`);
    wire.cut();
    wire.mend();
    await everyCallerHearsSomething();
    for (const [path, more] of CALLBACKS) expect((await call(path, more)).status).toBe(503);
    await owner.$executeRawUnsafe(`ALTER DATABASE "${database}" CONNECTION LIMIT -1`);
    await works();
  });

  // The caller has been told something else by then: the transaction must not come true afterwards.
  test.each([
    ['is cut off at its first insert', /INSERT INTO calls/],
    ['is cut off at its entry in the trail', /INSERT INTO audit_logs/],
    ['is cut off at its commit', /^COMMIT/],
  ])('%s, nothing of a call comes true later', async (_, from) => {
    const callSid = freshSid('CA');
    wire.block(from);
    const answer = await call('/voice', {}, callSid);
    expect(answer.text).toContain('<Record');
    expect(answer.milliseconds).toBeLessThan(BUDGET);
    await expect.poll(openTransactions, { timeout: PATIENCE }).toBe(0);
    wire.mend();
    await works();
    expect(await written([callSid])).toEqual([]);
  });
});

test('a callback waits for a slow database longer than a caller would', async () => {
  const callSid = freshSid('CA');
  await call('/voice', {}, callSid);
  wire.slow(200);
  expect((await call('/voice/status', { CallStatus: 'completed', CallDuration: '9' }, callSid)).status).toBe(204);
  expect(await owner.call.findUnique({ where: { callSid } })).toMatchObject({ secondsUsed: 9 });
});

test('a webhook is one short transaction', async () => {
  const isOfJobs = (statements: string[]) => /'app_system'|enter_by_job/.test(statements.join());
  for (const [path, more] of [...VOICE.slice(0, 2), ...VOICE.slice(3), ...CALLBACKS.slice(0, 1)]) {
    // For a callback nobody waits: at the end of a call it works out what the call costs.
    const most = CALLBACKS.some(([callback]) => callback === path) ? 24 : 10;
    const lookAt = async () => {
      const from = wire.asked.length;
      await call(path.startsWith('/voice/') ? path : `/voice${path}`, more);
      const own = transactions(wire.asked.slice(from)).filter((statements) => !isOfJobs(statements));
      return { path, endings: own.map((statements) => statements.at(-1)), isShort: own.flat().length <= most };
    };
    // On a busy machine one may be out of time, and rolled back.
    const one = { path, endings: ['COMMIT'], isShort: true };
    await expect.poll(lookAt, { timeout: PATIENCE, interval: 0 }).toEqual(one);
  }
});

/** What was asked between a BEGIN and the end of it, connection by connection. */
function transactions(asked: typeof wire.asked): string[][] {
  const done: string[][] = [];
  const open = new Map<number, string[]>();
  for (const { connection, sql } of asked) {
    if (sql === 'BEGIN') open.set(connection, []);
    const statements = open.get(connection);
    statements?.push(sql);
    if (!statements || !/^(?:COMMIT|ROLLBACK)/.test(sql)) continue;
    done.push(statements);
    open.delete(connection);
  }
  return done;
}
