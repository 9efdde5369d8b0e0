/**
 * How fast retention deletes, beside one raw DELETE of the same rows, and what it takes of memory: `npm run bench --
 * retention`. Each size in a database and a process of its own.
 */
import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';

type Measured = Readonly<Record<'count' | 'transcripts' | 'rawTranscripts' | 'calls' | 'rawCalls' | 'peakMB', number>>;

const sizes = [100_000, 1_000_000];
const program = path.join(import.meta.dirname, 'retention-once.ts');
const peaks: number[] = [];
let isMissed = false;

for (const size of sizes) {
  console.log(`${size.toLocaleString('en-GB')} calls with a transcript and three events each …`);
  const { stdout } = await promisify(execFile)(process.execPath, ['--import', 'tsx', program, String(size)]);
  const measured = JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as Measured;
  const { transcripts, rawTranscripts, calls, rawCalls, peakMB } = measured;
  line('transcripts deleted', size, transcripts, rawTranscripts);
  line('calls anonymised, against calls deleted', size, calls, rawCalls);
  console.log(`  peak memory ${peakMB.toFixed(0)} MB`);
  peaks.push(peakMB);
}
const [first = 0, last = 0] = [peaks.at(0), peaks.at(-1)];
console.log(`peak memory ${(last / first).toFixed(2)} times that of the smaller size (aim: at most 1.2)`);
if (isMissed || last > first * 1.2) process.exitCode = 1;

function line(what: string, rows: number, seconds: number, rawSeconds: number): void {
  const share = rawSeconds / seconds;
  const speed = (taken: number) => `${Math.round(rows / taken).toLocaleString('en-GB')} rows/s`;
  console.log(
    `  ${what}: ${speed(seconds)}, one raw statement ${speed(rawSeconds)}: ${share.toFixed(2)} (aim: a third at least)`,
  );
  if (share < 1 / 3) isMissed = true;
}
