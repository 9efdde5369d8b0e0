/** The database of development and the demo: the one that is named, or an embedded one. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import pg from 'pg';
import { run, typescript } from './children';
import { dataFolder } from './dev-env';
import { startPostgres } from './embedded-postgres';

const name = 'aftercallpro';

/** How to reach it as the app and as the owner; `release` when it is no longer needed. */
export type Database = { readonly app: string; readonly owner: string; release(): Promise<void> };

/**
 * Starts the embedded PostgreSQL, or attaches to it. With `DATABASE_URL` set, nothing is started.
 *
 * @throws when only one of the two addresses is set.
 */
export async function openDatabase(): Promise<Database> {
  const { DATABASE_URL, DIRECT_URL } = process.env;
  if (DATABASE_URL && DIRECT_URL) return { app: DATABASE_URL, owner: DIRECT_URL, release: async () => {} };
  if (DATABASE_URL || DIRECT_URL) {
    const [missing, whose] = DATABASE_URL ? ['DIRECT_URL', "the owner's login"] : ['DATABASE_URL', "the app's login"];
    throw new Error(
      `${missing} is missing: set it to the address with ${whose}, or unset both for an embedded database.`,
    );
  }
  const server = await startPostgres(path.join(dataFolder, 'postgres'));
  const client = new pg.Client({ connectionString: server.url('postgres', 'postgres') });
  await client.connect();
  const { rowCount } = await client.query('SELECT FROM pg_database WHERE datname = $1', [name]);
  if (!rowCount) await client.query(`CREATE DATABASE ${name} OWNER acp_owner`);
  await client.end();
  return { app: server.url('app', name), owner: server.url('acp_owner', name), release: server.release };
}

/** Brings the tables up to date. */
export async function migrate(): Promise<void> {
  await run('migrate', ['scripts/prisma.mjs', 'migrate', 'deploy']);
}

/** Adds the sample businesses and people, where they are not there yet. */
export async function seed(): Promise<void> {
  if (existsSync('prisma/seed.ts')) await run('seed', typescript('prisma/seed.ts'));
}
