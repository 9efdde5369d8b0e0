/** A database for a test file: real PostgreSQL, migrated, empty, and nobody else's. */
import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { inject } from 'vitest';

export type TestDatabase = {
  /** The address of the app's login, which owns nothing. It is in `DATABASE_URL` too, for `env()`. */
  readonly app: string;
  /** The address of the owner, who sees every row: for a test to arrange and to look, never for the code under test. */
  readonly owner: string;
};

/**
 * Makes a database and points `DATABASE_URL` at it. Call it once, at the top of a test file, before anything connects:
 * `const database = await testDatabase();`. It goes when the run ends.
 */
export async function testDatabase(): Promise<TestDatabase> {
  const { superuser, template, prefix, ...logins } = inject('testServer');
  const name = `${prefix}${randomBytes(4).toString('hex')}`;
  const client = new pg.Client({ connectionString: superuser });
  await client.connect();
  await client.query(`CREATE DATABASE ${name} TEMPLATE ${template} OWNER acp_owner`);
  await client.end();
  const database = { app: logins.app + name, owner: logins.owner + name };
  process.env.DATABASE_URL = database.app;
  return database;
}
