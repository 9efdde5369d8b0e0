import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const root = fileURLToPath(new URL('.', import.meta.url));

/** A project is a folder of tests and what it needs around it. */
const project = (name: string, more: { database?: boolean } = {}) => ({
  extends: true as const,
  test: {
    name,
    include: [`tests/${name}/**/*.test.ts`],
    ...(more.database && { globalSetup: ['tests/support/database-server.ts'] }),
  },
});

export default defineConfig({
  resolve: { alias: { '@': root } },
  test: {
    setupFiles: ['tests/support/quiet.ts', 'tests/support/environment.ts'],
    // Most of them wait for a database or a child.
    maxWorkers: '100%',
    // Far beyond what any test takes: it ends what hangs, and measures nothing.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    restoreMocks: true,
    unstubEnvs: true,
    projects: [
      project('rules'),
      project('platform', { database: true }),
      project('integration', { database: true }),
      project('contract', { database: true }),
      project('security', { database: true }),
      project('faults', { database: true }),
      project('ui'),
      project('simulator'),
      project('architecture'),
    ],
  },
});
