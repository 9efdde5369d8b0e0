/** Before vitest's tests: a PostgreSQL of their own. After them: nothing that they made. */
import type { TestProject } from 'vitest/node';
import { openTestServer, type TestServer } from './test-server';

declare module 'vitest' {
  export interface ProvidedContext {
    testServer: TestServer;
  }
}

export default async function setup(project: TestProject) {
  const { server, stop } = await openTestServer(project.name);
  project.provide('testServer', server);
  return stop;
}
