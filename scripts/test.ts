/**
 * Every check there is, in one command: `npm test`. It needs Node and the npm registry, and finds or installs a browser
 * where it may. It stops at the first failure. What it had to leave out it says, and where `CI` is set that is a failure.
 */
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { findBrowser, installBrowser } from './support/browser';
import { build, generate } from './support/build';
import { launchHere, typescript } from './support/children';
import { hasRadosgw } from './support/radosgw';
import { hasRedisServer } from './support/redis-server';
import { hasRestoreTools } from './support/restore-tools';
import { seconds } from './support/step';

const HELP = `Runs every check: types, lint, architecture, the production build, tests, some of them on it, and the browser tests.

  npm test

One kind alone: npm run types, npm run lint, npm run architecture, npx vitest run --project rules, npx playwright test.
With CI set, a check that had to be left out is a failure.`;

/** How many checks or tests of a step passed, failed, and were skipped. */
type Outcome = { readonly passed: number; readonly failed: number; readonly skipped: number };

/** A piece of `npm test`; one that cannot be done here says why. */
type Step = { readonly name: string; readonly run: () => Promise<Outcome | { readonly leftOut: string }> };

const reports = mkdtempSync(path.join(tmpdir(), 'test-reports-'));
process.once('exit', () => rmSync(reports, { recursive: true }));

const steps: readonly Step[] = [
  { name: 'client', run: () => one(generate()) },
  { name: 'types', run: () => program(['node_modules/typescript/bin/tsc', '--noEmit']) },
  { name: 'lint', run: () => program(['node_modules/@biomejs/biome/bin/biome', 'check', '--error-on-warnings', '.']) },
  { name: 'architecture', run: () => program(typescript('scripts/architecture.ts')) },
  { name: 'build', run: () => one(build()) },
  { name: 'tests', run: runVitest },
  { name: 'browser', run: runPlaywright },
];

async function main() {
  if (process.argv.includes('--help')) return console.log(HELP);
  const total = { passed: 0, failed: 0, skipped: 0 };
  const leftOut: string[] = [];
  const summary: string[] = [];
  for (const { name, run } of steps) {
    if (total.failed > 0) {
      summary.push(`${name.padEnd(14)}not run`);
      continue;
    }
    console.log(`\n── ${name} ${'─'.repeat(70 - name.length)}\n`);
    const start = performance.now();
    const outcome = await run();
    const took = seconds(performance.now() - start);
    if ('leftOut' in outcome) {
      leftOut.push(`${name}: ${outcome.leftOut}`);
      summary.push(`${name.padEnd(14)}left out`);
      continue;
    }
    for (const key of ['passed', 'failed', 'skipped'] as const) total[key] += outcome[key];
    if (outcome.skipped > 0) leftOut.push(`${name}: ${outcome.skipped} skipped${missing()}`);
    summary.push(`${name.padEnd(14)}${outcome.failed > 0 ? 'failed' : 'passed'} in ${took}`);
  }

  console.log(`\n── summary ${'─'.repeat(63)}\n\n${summary.join('\n')}\n`);
  for (const what of leftOut) console.log(`Left out: ${what}`);
  const refused = Boolean(process.env.CI) && leftOut.length > 0;
  if (refused) console.log('CI leaves nothing out: this counts as a failure.');
  console.log(`${total.passed} passed, ${total.failed + (refused ? leftOut.length : 0)} failed`);
  process.exitCode = total.failed > 0 || refused ? 1 : 0;
}

/** What tests skip themselves for, where this machine has it not. */
const missing = () =>
  [
    hasRedisServer() ? '' : '. No redis-server was found. Install one: apt-get install redis-server',
    hasRadosgw() ? '' : '. No S3 server was found. Install one: apt-get install radosgw ceph-mon ceph-osd',
    hasRestoreTools() ? '' : '. Not every tool to restore with was found: apt-get install age zstd postgresql-client',
  ].join('');

/** A check that either passes or fails. */
async function one(work: Promise<unknown>): Promise<Outcome> {
  try {
    await work;
    return { passed: 1, failed: 0, skipped: 0 };
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    return { passed: 0, failed: 1, skipped: 0 };
  }
}

async function program(args: readonly string[]): Promise<Outcome> {
  const code = await launchHere(args).ended;
  return code === 0 ? { passed: 1, failed: 0, skipped: 0 } : { passed: 0, failed: 1, skipped: 0 };
}

async function runVitest(): Promise<Outcome> {
  const report = path.join(reports, 'vitest.json');
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
  const code = await launchHere(['node_modules/vitest/vitest.mjs', 'run', ...reporters]).ended;
  const counts = read(report);
  return tested(code, {
    passed: counts.numPassedTests,
    failed: counts.numFailedTests,
    skipped: (counts.numPendingTests ?? 0) + (counts.numTodoTests ?? 0),
  });
}

async function runPlaywright(): Promise<Outcome | { leftOut: string }> {
  if (!findBrowser() && !installBrowser()) {
    return {
      leftOut: 'no Chromium was found. Install one: npx playwright install chromium, or apt-get install chromium',
    };
  }
  const report = path.join(reports, 'playwright.json');
  const env = { ...process.env, PLAYWRIGHT_JSON_OUTPUT_NAME: report };
  const reporters = '--reporter=list,json';
  const code = await launchHere(['node_modules/@playwright/test/cli.js', 'test', reporters], env).ended;
  const { expected, unexpected = 0, flaky = 0, skipped } = read(report, 'stats');
  return tested(code, { passed: expected, failed: unexpected + flaky, skipped });
}

/** A run that failed without a failed test failed all the same; so did one that found no test. */
function tested(code: number, { passed = 0, failed = 0, skipped = 0 }: Partial<Outcome>): Outcome {
  const fine = code === 0 && passed > 0;
  return { passed, failed: fine ? failed : Math.max(failed, 1), skipped };
}

/** The counts in a report; none where the run did not live to write one. */
function read(report: string, part?: string): Readonly<Record<string, number | undefined>> {
  if (!existsSync(report)) return {};
  const content = JSON.parse(readFileSync(report, 'utf8'));
  return part ? content[part] : content;
}

main().then(
  () => process.exit(),
  (error: unknown) => {
    console.error(error);
    process.exit(1);
  },
);
