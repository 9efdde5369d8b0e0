import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { commandOf } from '@/scripts/support/process';

/** A folder for `.data/`, with a program in it that runs until it is stopped. */
function checkout(): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'children-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  writeFileSync(path.join(folder, 'program.mjs'), 'setInterval(() => {}, 1000);');
  return folder;
}

/** Does something with scripts/support/children.ts in a process of its own. */
function inProcess(folder: string, work: string) {
  const module = JSON.stringify(path.resolve('scripts/support/children.ts'));
  const script = `import(${module}).then(async (children) => { ${work} });`;
  const tsx = path.resolve('node_modules/tsx/dist/loader.mjs');
  return spawnSync(process.execPath, ['--import', tsx, '--eval', script], { cwd: folder, encoding: 'utf8' });
}

const running = (folder: string) =>
  readdirSync(path.join(folder, '.data', 'running')).map((name) => {
    const pid = Number.parseInt(readFileSync(path.join(folder, '.data', 'running', name), 'utf8'), 10);
    return { pid, command: commandOf(pid) };
  });

test('what a killed start left running is stopped by the next one', () => {
  const folder = checkout();
  inProcess(folder, `children.launch('program', ['program.mjs']); process.kill(process.pid, 'SIGKILL');`);
  const [left] = running(folder);
  expect(left?.command).toContain('program.mjs');

  expect(inProcess(folder, 'await children.stopLeftovers();').status).toBe(0);
  expect(commandOf(left?.pid ?? 0)).toBe('');
  expect(running(folder)).toEqual([]);
});

test('what runs under a number that was ours once is left alone', () => {
  const folder = checkout();
  inProcess(folder, `children.launch('program', ['program.mjs']); process.kill(process.pid, 'SIGKILL');`);
  const [left] = running(folder);
  onTestFinished(() => void process.kill(left?.pid ?? 0, 'SIGKILL'));
  const [note = ''] = readdirSync(path.join(folder, '.data', 'running'));
  writeFileSync(path.join(folder, '.data', 'running', note), `${left?.pid} scripts/start.mjs`);

  expect(inProcess(folder, 'await children.stopLeftovers();').status).toBe(0);
  expect(commandOf(left?.pid ?? 0)).toContain('program.mjs');
});

test('a program that fails is reported with the end of what it said', () => {
  const folder = checkout();
  writeFileSync(path.join(folder, 'failing.mjs'), `console.error('the reason'); process.exit(3);`);
  const { stdout } = inProcess(
    folder,
    `await children.run('failing', ['failing.mjs']).catch((error) => console.log(error.message));`,
  );
  expect(stdout).toBe('failing failed:\nthe reason\n');
});
