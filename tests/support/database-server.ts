/**
 * Before the tests: a PostgreSQL of their own with a migrated database to copy. After them: nothing that they made.
 * The server loses its data in a crash and is several times as fast for it.
 */
import { execFileSync } from 'node:child_process';
import pg from 'pg';
import type { TestProject } from 'vitest/node';
import { startPostgres } from '@/scripts/support/embedded-postgres';
import { withLock } from '@/scripts/support/lock';
import { isAlive } from '@/scripts/support/process';
import { fingerprint } from '@/scripts/support/unchanged';

/** What a test file needs to make a database of its own. */
export type TestServer = {
  readonly superuser: string;
  readonly owner: string;
  readonly app: string;
  readonly template: string;
  readonly prefix: string;
};

declare module 'vitest' {
  export interface ProvidedContext {
    testServer: TestServer;
  }
}

const folder = '.data/test-postgres';

export default async function setup(project: TestProject) {
  const { server, client, template, close } = await openTestServer();
  const prefix = `test_${process.pid}_${project.name}_`;
  project.provide('testServer', {
    superuser: server.url('postgres', 'postgres'),
    owner: server.url('acp_owner', ''),
    app: server.url('app', ''),
    template,
    prefix,
  });
  return async () => {
    await dropDatabases(client, (name) => name.startsWith(prefix));
    await close();
  };
}

/** The server with its superuser's connection, rid of what runs that died left behind, and the migrated template. */
export async function openTestServer() {
  const server = await startPostgres(folder, { durable: false });
  const client = new pg.Client({ connectionString: server.url('postgres', 'postgres') });
  await client.connect();
  await dropDatabases(client, (name) => {
    const [, pid] = /^test_(\d+)_/.exec(name) ?? [];
    return pid !== undefined && !isAlive(Number(pid));
  });
  const template = await withLock(`${folder}/template.lock`, () =>
    migratedDatabase(client, (name) => server.url('acp_owner', name)),
  );
  const close = async () => {
    await client.end();
    await server.release();
  };
  return { server, client, template, close };
}

/** A database with today's migrations applied, kept from run to run until they change. */
async function migratedDatabase(client: pg.Client, owned: (name: string) => string): Promise<string> {
  const name = `template_${fingerprint(['prisma/migrations']).slice(0, 16)}`;
  const { rowCount } = await client.query('SELECT FROM pg_database WHERE datname = $1', [name]);
  if (rowCount) return name;

  await dropDatabases(client, (other) => other.startsWith('template_'));
  const unfinished = `template_unfinished`;
  await client.query(`CREATE DATABASE ${unfinished} OWNER acp_owner`);
  execFileSync(process.execPath, ['scripts/prisma.mjs', 'migrate', 'deploy'], {
    env: { ...process.env, DIRECT_URL: owned(unfinished) },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  await client.query(`ALTER DATABASE ${unfinished} RENAME TO ${name}`);
  return name;
}

/** Drops every database that the question is answered with yes for, connections and all. */
export async function dropDatabases(client: pg.Client, which: (name: string) => boolean) {
  const { rows } = await client.query<{ datname: string }>('SELECT datname FROM pg_database');
  for (const { datname } of rows.filter((row) => which(row.datname))) {
    await client.query(`DROP DATABASE IF EXISTS ${client.escapeIdentifier(datname)} WITH (FORCE)`);
  }
}
