/**
 * A PostgreSQL for tests, with a migrated database to copy. It loses its data in a crash and is several times as fast
 * for it.
 */
import { execFileSync } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import pg from 'pg';
import { startPostgres } from '@/scripts/support/embedded-postgres';
import { withLock } from '@/scripts/support/lock';
import { isAlive } from '@/scripts/support/process';

/** What it takes to make a database: plain data, so that it can be handed to another process. */
export type TestServer = {
  readonly superuser: string;
  readonly owner: string;
  readonly app: string;
  readonly template: string;
  readonly prefix: string;
};

export type TestDatabase = {
  /** The address of the app's login, which owns nothing. It is in `DATABASE_URL` too, for `env()`. */
  readonly app: string;
  /** The address of the owner, who sees every row: for a test to arrange and to look, never for the code under test. */
  readonly owner: string;
};

const folder = '.data/test-postgres';

/** Starts the server, or joins it. `stop` drops what was made under this `name` and lets go of it. */
export async function openTestServer(name: string): Promise<{ server: TestServer; stop: () => Promise<void> }> {
  const postgres = await startPostgres(folder, { durable: false });
  const client = new pg.Client({ connectionString: postgres.url('postgres', 'postgres') });
  await client.connect();
  await dropDatabases(client, (database) => {
    const [, pid] = /^test_(\d+)_/.exec(database) ?? [];
    return pid !== undefined && !isAlive(Number(pid));
  });
  const template = await withLock(`${folder}/template.lock`, () =>
    migratedDatabase(client, (database) => postgres.url('acp_owner', database)),
  );
  const prefix = `test_${process.pid}_${name}_`;
  return {
    server: {
      superuser: postgres.url('postgres', 'postgres'),
      owner: postgres.url('acp_owner', ''),
      app: postgres.url('app', ''),
      template,
      prefix,
    },
    stop: async () => {
      await dropDatabases(client, (database) => database.startsWith(prefix));
      await client.end();
      await postgres.release();
    },
  };
}

/** A migrated, empty database that is nobody else's; `DATABASE_URL` points at it from here on. */
export async function makeDatabase({ superuser, template, prefix, ...logins }: TestServer): Promise<TestDatabase> {
  const name = `${prefix}${randomBytes(4).toString('hex')}`;
  const client = new pg.Client({ connectionString: superuser });
  await client.connect();
  await client.query(`CREATE DATABASE ${name} TEMPLATE ${template} OWNER acp_owner`);
  await client.end();
  const database = { app: logins.app + name, owner: logins.owner + name };
  process.env.DATABASE_URL = database.app;
  return database;
}

/** A database without anything in it, to restore into; `DATABASE_URL` stays where it is. */
export async function makeEmptyDatabase({ superuser, prefix, ...logins }: TestServer): Promise<TestDatabase> {
  const name = `${prefix}${randomBytes(4).toString('hex')}`;
  const client = new pg.Client({ connectionString: superuser });
  await client.connect();
  await client.query(`CREATE DATABASE ${name} TEMPLATE template0 OWNER acp_owner`);
  await client.end();
  return { app: logins.app + name, owner: logins.owner + name };
}

/** A database with today's migrations applied, kept from run to run until they change. */
async function migratedDatabase(client: pg.Client, owned: (name: string) => string): Promise<string> {
  const name = `template_${fingerprint('prisma/migrations')}`;
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

function fingerprint(directory: string): string {
  const hash = createHash('sha256');
  for (const file of readdirSync(directory, { recursive: true, encoding: 'utf8' }).toSorted()) {
    if (file.endsWith('.sql')) hash.update(file).update(readFileSync(path.join(directory, file)));
  }
  return hash.digest('hex').slice(0, 16);
}

async function dropDatabases(client: pg.Client, which: (name: string) => boolean) {
  const { rows } = await client.query<{ datname: string }>('SELECT datname FROM pg_database');
  for (const { datname } of rows.filter((row) => which(row.datname))) {
    await client.query(`DROP DATABASE IF EXISTS ${client.escapeIdentifier(datname)} WITH (FORCE)`);
  }
}
