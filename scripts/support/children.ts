/** Programs that a script starts. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, existsSync, mkdirSync, openSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { dataFolder } from './dev-env';
import { commandOf, isAlive } from './process';

/** Arguments for Node that run a TypeScript file. */
export const typescript = (file: string) => ['--import', 'tsx', file];

/**
 * Runs a Node program to its end, with what it says in `.data/logs/<name>.log`.
 *
 * @throws with the end of that log when it fails.
 */
export async function run(name: string, args: readonly string[], env: NodeJS.ProcessEnv = process.env): Promise<void> {
  const { ended, lastWords } = launch(name, args, env);
  const code = await ended;
  if (code !== 0) throw new Error(`${name} failed:\n${lastWords()}`);
}

/** A program that goes on running. */
export type Running = {
  /** Its exit code, once it has ended. */
  readonly ended: Promise<number>;
  /** The end of what it said. */
  lastWords(): string;
};

/** Starts a Node program whose output goes to `.data/logs/<name>.log`. */
export function launch(
  name: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv = process.env,
  cwd = '.',
): Running {
  const file = path.join(dataFolder, 'logs', `${name}.log`);
  mkdirSync(path.dirname(file), { recursive: true });
  const log = openSync(file, 'w', 0o600);
  const child = spawn(process.execPath, args, { env, cwd, stdio: ['ignore', log, log] });
  closeSync(log);
  noteDown(name, child, args);
  return { ...watch(child), lastWords: () => readFileSync(file, 'utf8').trim().split('\n').slice(-20).join('\n') };
}

/** Starts a Node program that has the terminal: what it says is seen, what is typed is its. */
export function launchHere(args: readonly string[], env: NodeJS.ProcessEnv = process.env): Pick<Running, 'ended'> {
  return watch(spawn(process.execPath, args, { env, stdio: 'inherit' }));
}

const children = new Set<ChildProcess>();

function watch(child: ChildProcess): Pick<Running, 'ended'> {
  children.add(child);
  const ended = new Promise<number>((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => resolve(code ?? 1));
  });
  child.once('exit', () => children.delete(child));
  return { ended };
}

/** Asks everything that was started to stop, insists after a while, and waits until it has. */
export async function stopChildren(): Promise<void> {
  const running = [...children];
  const ends = running.map((child) => once(child, 'exit'));
  for (const child of running) child.kill('SIGTERM');
  const insist = setTimeout(() => running.map((child) => child.kill('SIGKILL')), 15_000);
  await Promise.all(ends);
  clearTimeout(insist);
}

const notes = path.join(dataFolder, 'running');

/** Writes down that a program runs, for a start after this process was killed and could not stop it. */
function noteDown(name: string, child: ChildProcess, args: readonly string[]) {
  mkdirSync(notes, { recursive: true });
  const note = path.join(notes, `${process.pid}.${name}`);
  writeFileSync(note, `${child.pid} ${args.join(' ')}`);
  child.once('exit', () => rmSync(note, { force: true }));
}

/** Stops what was started by processes that were killed since. */
export async function stopLeftovers(): Promise<void> {
  if (!existsSync(notes)) return;
  for (const name of readdirSync(notes)) {
    if (isAlive(Number.parseInt(name, 10))) continue;
    const note = path.join(notes, name);
    const [, number, args = ''] = /^(\d+) (.*)$/.exec(readFileSync(note, 'utf8')) ?? [];
    const pid = Number(number);
    // The number may be another program's by now.
    const isOurs = () => args !== '' && commandOf(pid).includes(args);
    if (isOurs()) process.kill(pid, 'SIGTERM');
    const patience = Date.now() + 15_000;
    while (isOurs()) {
      if (Date.now() > patience) process.kill(pid, 'SIGKILL');
      await pause(50);
    }
    rmSync(note, { force: true });
  }
}
