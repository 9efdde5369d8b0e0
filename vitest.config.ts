import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const root = fileURLToPath(new URL('.', import.meta.url));

/** A project is a folder of tests and what it needs around it. */
const project = (name: string, more: { database?: boolean; timeout?: number } = {}) => ({
  extends: true as const,
  test: {
    name,
    include: [`tests/${name}/**/*.test.ts`],
    ...(more.database && { globalSetup: ['tests/support/database-server.ts'] }),
    ...(more.timeout && { testTimeout: more.timeout, hookTimeout: more.timeout }),
  },
});

export default defineConfig({
  resolve: { alias: { '@': root } },
  test: {
    setupFiles: ['tests/support/quiet.ts', 'tests/support/environment.ts'],
    // Most of them wait for a database or a child.
    maxWorkers: '100%',
    restoreMocks: true,
    unstubEnvs: true,
    projects: [
      project('rules'),
      project('platform', { database: true, timeout: 30_000 }),
      project('integration', { database: true, timeout: 30_000 }),
      project('contract', { database: true, timeout: 30_000 }),
      project('security', { database: true, timeout: 30_000 }),
      project('ui'),
      project('simulator'),
      project('architecture', { timeout: 60_000 }),
    ],
  },
});
