/**
 * Checks that the house is built as it was drawn: `npm run architecture`. Who imports whom is in
 * `.dependency-cruiser.cjs`, what may stand in a file in `support/source-rules.ts`.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { cruise, type ICruiseOptions, type ICruiseResult, type IRuleSetType } from 'dependency-cruiser';
import extractTsConfig from 'dependency-cruiser/config-utl/extract-ts-config';
import { checkSource, type Violation } from './support/source-rules';

/** Every source of the product, its tests and its tools, beside those at the root. */
const folders = ['app', 'lib', 'prisma', 'scripts', 'simulator', 'tests', 'bench'];
const generated = 'lib/generated/';

async function main() {
  const files = sourceFiles();
  const { read, violations } = await checkImports(files);
  // With TypeScript 7 and no other parser at hand, dependency-cruiser reads nothing and finds nothing wrong.
  const unread = files.filter((file) => !read.has(file));
  if (files.length === 0 || unread.length > 0) {
    throw new Error(`Only ${files.length - unread.length} of ${files.length} files were read. ${unread.join(' ')}`);
  }
  violations.push(...files.flatMap((file) => checkSource(file, readFileSync(file, 'utf8'))));
  for (const { rule, file, problem } of violations) console.error(`${rule}: ${file}: ${problem}`);
  console.log(`${files.length} files read, ${violations.length} violations`);
  process.exitCode = violations.length > 0 ? 1 : 0;
}

function sourceFiles(): string[] {
  const inFolders = folders
    .filter((folder) => existsSync(folder))
    .flatMap((folder) =>
      readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((file) => path.posix.join(folder, file)),
    );
  return [...readdirSync('.'), ...inFolders]
    .filter((file) => /\.(?:tsx?|mjs)$/.test(file) && !file.endsWith('.d.ts') && !file.startsWith(generated))
    .toSorted();
}

async function checkImports(files: readonly string[]) {
  const config = createRequire(import.meta.url)('../.dependency-cruiser.cjs');
  const { options, ...ruleSet }: { options: ICruiseOptions } & IRuleSetType = config;
  const tsConfig = extractTsConfig('tsconfig.json');
  const { output } = await cruise([...files], { ...options, ruleSet, validate: true }, {}, { tsConfig });
  const { modules, summary } = output as ICruiseResult;
  return {
    read: new Set(modules.map((module) => module.source)),
    violations: summary.violations.map(
      ({ rule, from, to, cycle }): Violation => ({
        rule: rule.name,
        file: from,
        problem: `imports ${cycle ? cycle.map((next) => next.name).join(', which imports ') : to}`,
      }),
    ),
  };
}

await main();
