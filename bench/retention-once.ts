/**
 * One size of `npm run bench -- retention`, in a process of its own, whose peak of memory is then this size's. Prints a line
 * of JSON.
 */
import '@/tests/support/environment';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { startClockJob } from '@/lib/jobs/start-clock-job';
import { database } from '@/lib/platform/db';
import { makeBusiness, ownerClient } from '@/tests/support/rows';
import { makeDatabase, openTestServer } from '@/tests/support/test-server';

const count = Number(process.argv[2]);
const { server, stop } = await openTestServer('bench');
const { owner: url } = await makeDatabase(server);
process.chdir(mkdtempSync(path.join(tmpdir(), 'aftercallpro-')));
const owner = ownerClient(url);
const { id } = await makeBusiness(owner);

/** Calls that began so many days ago and before, ten seconds apart, each with three events and one transcript. */
async function writeCalls(days: number): Promise<void> {
  const sealed = Buffer.alloc(60, 1);
  const index = Buffer.alloc(33, 1);
  for (let from = 0; from < count; from += 100_000) {
    const to = Math.min(count, from + 100_000);
    await owner.$executeRaw`
      WITH new AS (
        INSERT INTO calls (business_id, id, call_sid, type, status, intent, called_number, caller_number, caller_number_index,
          caller_number_index_b, started_at, ended_at, seconds_used, seconds_charged)
        SELECT ${id}::uuid, gen_random_uuid(), 'CA' || md5(n::text), 'inbound', 'completed', 'message', '+12125550100', ${sealed},
          ${index}, ${index}, now() - make_interval(days => ${days}::int, secs => n * 10), now() - make_interval(days => ${days}::int, secs => n * 10) + interval '40 seconds',
          40, 40
        FROM generate_series(${from + 1}::int, ${to}::int) n RETURNING id, started_at
      ), steps AS (
        INSERT INTO call_events (business_id, id, call_id, key, kind, at)
        SELECT ${id}::uuid, gen_random_uuid(), new.id, 'step ' || k, 'greeted', new.started_at FROM new, generate_series(1, 3) k
      )
      INSERT INTO transcripts (business_id, id, call_id, recording_sid, status, text, created_at)
      SELECT ${id}::uuid, gen_random_uuid(), id, 'RE' || md5(id::text), 'completed', ${sealed}, started_at FROM new`;
  }
  await tidy();
}
const tidy = () => owner.$executeRawUnsafe('VACUUM (ANALYZE) calls, call_events, transcripts');

/** Seconds that one statement takes; what it did is undone. */
async function raw(statement: string): Promise<number> {
  let seconds = 0;
  const undo = new Error('undone');
  await owner
    .$transaction(
      async (tx) => {
        const from = performance.now();
        await tx.$executeRawUnsafe(statement);
        seconds = (performance.now() - from) / 1000;
        throw undo;
      },
      { timeout: 600_000 },
    )
    .catch((error: unknown) => {
      if (error !== undo) throw error;
    });
  await tidy();
  return seconds;
}

/** Seconds that the job takes, and that it did all of it. */
async function job(what: 'transcripts' | 'calls'): Promise<number> {
  const from = performance.now();
  const counts = await startClockJob('retention');
  const seconds = (performance.now() - from) / 1000;
  if (!(what in counts) || Object(counts)[what] !== count)
    throw new Error(`not all of it went: ${JSON.stringify(counts)}`);
  return seconds;
}

// Once with nothing to do: it runs in a process that is up.
await startClockJob('retention');
await writeCalls(91);
const rawTranscripts = await raw(`DELETE FROM transcripts WHERE created_at < now() - interval '90 days'`);
const transcripts = await job('transcripts');
await owner.$executeRaw`UPDATE calls SET started_at = started_at - interval '300 days', ended_at = ended_at - interval '300 days'`;
await tidy();
const rawCalls = await raw(`DELETE FROM calls WHERE started_at < now() - interval '365 days'`);
const calls = await job('calls');
const { maxRSS } = process.resourceUsage();
console.log(JSON.stringify({ count, transcripts, rawTranscripts, calls, rawCalls, peakMB: maxRSS / 1024 }));

database().pool.on('error', () => undefined);
await owner.$disconnect();
await database().prisma.$disconnect();
await database().pool.end();
await stop();
