/** Writes docs/controls.md from the tests' titles: `npm run controls`. */
import { writeFileSync } from 'node:fs';
import { findTests, missing, printControls, readControls } from './support/controls';

const help = `npm run controls

Writes docs/controls.md: which requirement is kept where, and which test shows it. Lists the requirements that no test
shows, and fails where there are any.
`;

if (process.argv.includes('--help')) {
  console.log(help);
} else {
  const controls = readControls();
  const tests = findTests();
  writeFileSync('docs/controls.md', printControls(controls, tests));
  const without = missing(controls, tests);
  console.log(
    `${controls.length} requirements, ${without.length} without a test, ${controls.filter(({ open }) => open).length} open`,
  );
  for (const line of without) console.error(line);
  process.exitCode = without.length > 0 ? 1 : 0;
}
