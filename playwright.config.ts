/** The product in a real browser. `npm run build` first; then `node node_modules/@playwright/test/cli.js test`. */
import { existsSync } from 'node:fs';
import { chromium, defineConfig, devices } from '@playwright/test';

/** Playwright's own browser where it is installed, else the system's; where there is neither, Playwright says so. */
const system = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find((file) =>
  existsSync(file),
);
const executablePath = existsSync(chromium.executablePath()) ? undefined : system;

export default defineConfig({
  testDir: 'tests/e2e',
  outputDir: 'test-results',
  // One application in front of one database; every test has a business of its own in it.
  workers: 1,
  // A test that passes at the second try has found something.
  retries: 0,
  forbidOnly: Boolean(process.env.CI),
  timeout: 60_000,
  expect: { timeout: 10_000 },
  reporter: [['list']],
  use: {
    ...devices['Desktop Chrome'],
    viewport: { width: 1280, height: 800 },
    locale: 'en-US',
    trace: 'retain-on-failure',
    launchOptions: {
      executablePath,
      // As root Chromium has no sandbox to start in.
      args: process.getuid?.() === 0 ? ['--no-sandbox'] : [],
    },
  },
});
