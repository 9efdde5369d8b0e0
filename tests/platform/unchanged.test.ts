import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { fingerprint } from '@/scripts/support/unchanged';

const folder = mkdtempSync(path.join(tmpdir(), 'unchanged-'));
afterAll(() => rmSync(folder, { recursive: true }));

test('a fingerprint changes with each content, name and place of a file, and with nothing else', () => {
  const file = (name: string) => path.join(folder, name);
  mkdirSync(file('in'));
  writeFileSync(file('in/a'), 'one');
  writeFileSync(file('in/b'), 'two');
  const seen = [fingerprint([file('in')])];
  const change = (work: () => void) => {
    work();
    seen.push(fingerprint([file('in')]));
  };
  change(() => writeFileSync(file('in/a'), 'One'));
  change(() => renameSync(file('in/a'), file('in/c')));
  change(() => mkdirSync(file('in/deep')));
  change(() => renameSync(file('in/c'), file('in/deep/c')));
  change(() => rmSync(file('in/b')));
  // An empty folder is nothing.
  expect(seen[3]).toBe(seen[2]);
  expect(new Set(seen).size).toBe(seen.length - 1);

  writeFileSync(file('in/deep/c'), 'One');
  expect(fingerprint([file('in'), file('not there')])).toBe(seen.at(-1));
});
