/** One process at a time. */
import { readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { isAlive } from './process';

const ANYTHING_TAKES_AT_MOST = 120_000;

/**
 * Runs `work` while holding the lock `file`, waiting for whoever holds it now. A lock whose holder has died, or that is
 * older than any work it was taken for, is void.
 */
export async function withLock<T>(file: string, work: () => Promise<T>): Promise<T> {
  while (!take(file)) {
    if (isVoid(file)) rmSync(file, { force: true });
    else await pause(50);
  }
  try {
    return await work();
  } finally {
    rmSync(file, { force: true });
  }
}

function take(file: string): boolean {
  try {
    writeFileSync(file, String(process.pid), { flag: 'wx' });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    return false;
  }
}

function isVoid(file: string): boolean {
  try {
    const age = Date.now() - statSync(file).mtimeMs;
    const holder = Number(readFileSync(file, 'utf8'));
    // An empty file is a lock in the moment of being taken.
    return age > ANYTHING_TAKES_AT_MOST || (holder > 0 && !isAlive(holder));
  } catch {
    return false;
  }
}
