/**
 * Breaks the house in every way that it must survive, and prints what was seen: `npm run faults`. The faults are tests,
 * so that they are also part of `npm test`: all of tests/faults, and elsewhere those whose title begins with `fault`.
 */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { build } from './support/build';
import { launchHere } from './support/children';
import { seconds, step } from './support/step';

const HELP = `npm run faults [-- <number or word> …]

Breaks things on this machine (in databases and folders of its own) and prints a table of what was broken and whether
everything that must hold did. With a number or a word, only the faults of that number, or whose title begins so: with
"call", those that callers have to survive, and what became of the calls placed under each:

  placed    calls that were made
  heard     callers who heard the greeting and could leave a message
  saved     calls that are there afterwards, whole, with what was recorded and its words
  missing   the others
  doubled   calls of which anything is there more than once

FAULT_CALLS says how many are placed under each fault (100).`;

/** What became of the calls that were placed under a fault, by the heads of a table. */
type Toll = Readonly<Record<(typeof TOLL)[number], number>>;
type Test = {
  readonly fullName: string;
  readonly status: string;
  readonly duration?: number;
  readonly meta: { readonly calls?: Toll };
};

async function main(args: readonly string[]): Promise<number> {
  if (args.includes('--help')) {
    console.log(HELP);
    return 0;
  }
  const folder = mkdtempSync(path.join(tmpdir(), 'faults-'));
  const report = path.join(folder, 'report.json');
  const wanted = args.length > 0 ? args.map(pattern).join('|') : NUMBERED.source;
  // What a test that held has logged would bury the table.
  const reporters = ['--silent=passed-only', '--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
  const only = ['--testNamePattern', wanted, ...filesWith(wanted)];
  const program = ['node_modules/vitest/vitest.mjs', 'run', ...reporters, ...only];
  try {
    await step('Building the application', build); // some faults are injected into it
    const code = await launchHere(program, { FAULT_CALLS: '100', ...process.env }).ended;
    const tests: Test[] = JSON.parse(readFileSync(report, 'utf8')).testResults.flatMap(
      (file: { assertionResults: Test[] }) => file.assertionResults,
    );
    return Math.max(
      code,
      print(tests.filter(({ fullName }) => NUMBERED.test(fullName) && new RegExp(wanted).test(fullName))),
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const TOLL = ['placed', 'heard', 'saved', 'missing', 'doubled'] as const;
const NUMBERED = /\bfault (\d+):/;

/** The files of tests in which a fault has these words. */
const filesWith = (wanted: string) =>
  readdirSync('tests', { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.test.ts'))
    .map((file) => path.join('tests', file))
    .filter((file) => {
      const source = readFileSync(file, 'utf8');
      return NUMBERED.test(source) && new RegExp(wanted).test(source);
    });

/** A number means the fault of that number, and a word how its title begins: most titles have "call" somewhere. */
const pattern = (text: string) =>
  /^\d+$/.test(text) ? `fault ${text}:` : `fault \\d+: ${text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}`;

/** @returns the exit code: 1 where something did not hold, or nothing was tried. */
function print(tests: readonly Test[]): number {
  const number = ({ fullName }: Test) => Number(NUMBERED.exec(fullName)?.[1]);
  const rows = tests.toSorted((a, b) => number(a) - number(b));
  console.log(`\n${'fault'.padEnd(7)}${'held'.padEnd(10)}${'took'.padStart(8)}  what was broken, and what held\n`);
  for (const test of rows) {
    const held = { passed: 'yes', failed: 'NO' }[test.status] ?? 'left out';
    const took = test.duration === undefined ? '' : seconds(test.duration);
    console.log(`${String(number(test)).padEnd(7)}${held.padEnd(10)}${took.padStart(8)}  ${titleOf(test)}`);
  }
  printTolls(rows);
  const broken = rows.filter(({ status }) => status === 'failed').length;
  const leftOut = rows.filter(({ status }) => status !== 'failed' && status !== 'passed').length;
  console.log(`\n${rows.length - broken - leftOut} held, ${broken} did not, ${leftOut} left out`);
  return broken > 0 || rows.length === 0 ? 1 : 0;
}

/** What became of calls, for the faults under which some were placed. */
function printTolls(rows: readonly Test[]): void {
  const withCalls = rows.filter(({ meta }) => meta.calls);
  if (withCalls.length === 0) return;
  const cells = (texts: readonly (string | number)[]) => texts.map((text) => String(text).padStart(9)).join('');
  console.log(`\n${cells(TOLL)}  calls\n`);
  for (const test of withCalls) {
    const { calls } = test.meta;
    if (calls) console.log(`${cells(TOLL.map((head) => calls[head]))}  ${titleOf(test)}`);
  }
}

const titleOf = ({ fullName }: Test) => fullName.replace(NUMBERED, '').replace(/\s+/g, ' ').trim();

main(process.argv.slice(2)).then(
  (code) => process.exit(code),
  (error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exit(1);
  },
);
