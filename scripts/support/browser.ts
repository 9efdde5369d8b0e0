/** A Chromium to test with. */
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chromium } from '@playwright/test';
import { isRoot } from './system-user';

const places = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
];

/** Where one is: Playwright's own, else the system's. */
export function findBrowser(): string | undefined {
  return [chromium.executablePath(), ...places].find((place) => existsSync(place));
}

/** Installs Debian's, where this process may; returns whether there is one now. */
export function installBrowser(): boolean {
  if (!isRoot() || !existsSync('/usr/bin/apt-get')) return false;
  try {
    for (const args of [['update'], ['install', '-y', '--no-install-recommends', 'chromium']]) {
      execFileSync('/usr/bin/apt-get', ['-q', ...args], { stdio: 'ignore' });
    }
  } catch {
    return false;
  }
  return findBrowser() !== undefined;
}
