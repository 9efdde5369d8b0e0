/** The product in a real browser. `npm run build` first; then `node node_modules/@playwright/test/cli.js test`. */
import { defineConfig, devices } from '@playwright/test';
import { findBrowser } from './scripts/support/browser';

export default defineConfig({
  testDir: 'tests/e2e',
  outputDir: 'test-results',
  // Each with an application and a database of its own; every test has a business of its own in it.
  workers: 2,
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
      executablePath: findBrowser(),
      // As root Chromium has no sandbox to start in.
      args: process.getuid?.() === 0 ? ['--no-sandbox'] : [],
    },
  },
});
