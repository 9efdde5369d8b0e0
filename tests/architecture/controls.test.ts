import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { findTests, missing, printControls, readControls } from '@/scripts/support/controls';

const controls = readControls();
const tests = findTests();

test('docs/controls.md says what the tests’ titles say: npm run controls writes it', () => {
  expect(readFileSync('docs/controls.md', 'utf8')).toBe(printControls(controls, tests));
});

test('every requirement has a test, or says why it has none yet', () => {
  expect(missing(controls, tests)).toEqual([]);
});

/** What ASVS asks for beyond the eighty, and is kept and shown all the same. */
const beyond = ['V6.5.4', 'V6.6.2', 'V6.6.3'];

test('there are eighty requirements and those beyond, each once, and a title names no other', () => {
  const ids = controls.map(({ id }) => id);
  expect(ids.filter((id) => !beyond.includes(id))).toHaveLength(80);
  expect(new Set(ids).size).toBe(80 + beyond.length);
  expect([...tests.keys()].filter((id) => !ids.includes(id))).toEqual([]);
});

test('what is said to keep a requirement is there', () => {
  const migrations = readdirSync('prisma/migrations');
  const isThere = (where: string) => {
    const [, ending] = /^prisma\/migrations\/\*(_\w+)$/.exec(where) ?? [];
    return ending === undefined ? existsSync(where) : migrations.some((name) => name.endsWith(ending));
  };
  const shown = controls.filter(({ id, open }) => !open && tests.has(id));
  expect(shown.flatMap(({ where }) => where).filter((where) => !isThere(where))).toEqual([]);
});
