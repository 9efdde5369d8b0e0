import { defineConfig, devices } from '@playwright/test';
import { findBrowser } from './scripts/support/browser';
import { freePort } from './scripts/support/ports';

// Evaluated in every worker too: the first one, which starts the house, decides.
process.env.E2E_PORT ??= String(await freePort());
const address = `http://127.0.0.1:${process.env.E2E_PORT}`;
const asRoot = process.getuid?.() === 0;

export default defineConfig({
  testDir: 'tests/e2e',
  outputDir: 'test-results',
  forbidOnly: Boolean(process.env.CI),
  // One house with one owner in it: what a test changes there, another one would see.
  workers: 1,
  reporter: 'list',
  timeout: 60_000,
  use: {
    ...devices['Desktop Chrome'],
    baseURL: address,
    trace: 'retain-on-failure',
    launchOptions: {
      executablePath: findBrowser(),
      // Chromium's sandbox refuses to start as root. Nothing but this machine's own pages is opened.
      args: asRoot ? ['--no-sandbox'] : [],
    },
  },
  webServer: {
    command: 'node --import tsx tests/support/house.ts',
    url: `${address}/api/health`,
    reuseExistingServer: false,
    timeout: 180_000,
    gracefulShutdown: { signal: 'SIGTERM', timeout: 20_000 },
    stdout: 'pipe',
  },
});
