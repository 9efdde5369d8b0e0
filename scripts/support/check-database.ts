/** Whether the database is there, is as new as this code, and holds back the login that serves. */
import { readdirSync } from 'node:fs';
import pg from 'pg';
import { command } from '@/lib/doors/command';
import { database, refuseUnsafeLogin, UnsafeLogin } from '@/lib/platform/db';
import { env, isLoopback } from '@/lib/platform/env';
import { codeOf, doubtful, type Finding, wrong } from './findings';

const migrate = 'run DIRECT_URL=… npm run prisma -- migrate deploy';
const OLDEST = 160_000;

/** The login that serves, and, where it is known here, the one that owns. */
export async function checkLogins(): Promise<readonly Finding[]> {
  const { pool } = database();
  try {
    await refuseUnsafeLogin(pool);
  } catch (error) {
    if (error instanceof UnsafeLogin) return [wrong(error.message)];
    return [wrong(`DATABASE_URL: nobody answers there (${codeOf(error)}): start PostgreSQL, or correct host and port`)];
  }
  const findings: Finding[] = [];
  const { rows } = await pool.query<{ version: number; encrypted: boolean }>(
    `SELECT current_setting('server_version_num')::int AS version, ssl AS encrypted FROM pg_stat_ssl WHERE pid = pg_backend_pid()`,
  );
  const [server] = rows;
  if (server && server.version < OLDEST)
    findings.push(wrong('DATABASE_URL: its PostgreSQL is older than 16: update it'));
  if (server && !server.encrypted && !isLoopback(env().DATABASE_URL))
    findings.push(doubtful('DATABASE_URL: the connection is not encrypted: add ?sslmode=verify-full'));
  return [...findings, ...(await checkOwner())];
}

async function checkOwner(): Promise<readonly Finding[]> {
  const { DIRECT_URL } = env();
  if (!DIRECT_URL) return [];
  const client = new pg.Client({ connectionString: DIRECT_URL, connectionTimeoutMillis: 5_000 });
  try {
    await client.connect();
    const { rows } = await client.query<{ bypasses: boolean; owns: boolean }>(`
      SELECT (SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user) AS bypasses,
        coalesce((SELECT pg_has_role(relowner, 'USAGE') FROM pg_class WHERE oid = to_regclass('public.businesses')), true) AS owns`);
    const [owner] = rows;
    if (!owner?.owns) return [wrong('DIRECT_URL: its login does not own the tables: use the one that migrated first')];
    if (!owner.bypasses) return [];
    return [
      doubtful('DIRECT_URL: its login is a superuser or bypasses row-level security: use an owner that is neither'),
    ];
  } catch (error) {
    return [wrong(`DIRECT_URL: it cannot be used (${codeOf(error)}): correct it, or take it out of this environment`)];
  } finally {
    await client.end();
  }
}

/** Whether what prisma/migrations says has been done, all of it and nothing else. */
export async function checkMigrations(): Promise<readonly Finding[]> {
  const here = readdirSync('prisma/migrations', { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name);
  const done = await applied();
  if (done === null) return [wrong(`The database has no tables of ours: ${migrate}`)];
  const missing = here.filter((name) => !done.has(name));
  const unknown = [...done].filter((name) => !here.includes(name));
  return [
    ...(missing.length > 0 ? [wrong(`The database lacks ${missing.join(', ')}: ${migrate}`)] : []),
    ...(unknown.length > 0
      ? [wrong(`The database is newer than this code: it has ${unknown.join(', ')}. Deploy the code that goes with it`)]
      : []),
  ];
}

/** Read as the backup's role, which sees every table. */
async function applied(): Promise<ReadonlySet<string> | null> {
  const client = await database().pool.connect();
  try {
    await client.query('BEGIN READ ONLY; SET LOCAL ROLE app_backup');
    const { rows } = await client.query<{ name: string }>(
      'SELECT migration_name AS name FROM _prisma_migrations WHERE finished_at IS NOT NULL AND rolled_back_at IS NULL',
    );
    return new Set(rows.map(({ name }) => name));
  } catch (error) {
    // No such role, no such table, or no right to it: whoever migrates makes all three.
    if (['22023', '42704', '42P01', '42501'].includes(codeOf(error))) return null;
    throw error;
  } finally {
    await client.query('ROLLBACK');
    client.release();
  }
}

const MOST_SECONDS = 5;

/** Whether this machine and the database agree on the time. */
export async function checkClock(): Promise<readonly Finding[]> {
  const before = Date.now();
  const [{ at } = { at: new Date() }] = await command(
    ({ tx }) => tx.$queryRaw<{ at: Date }[]>`SELECT clock_timestamp() AS at`,
  );
  const after = Date.now();
  const apart = Math.max(before - at.getTime(), at.getTime() - after, 0) / 1000;
  if (apart <= MOST_SECONDS) return [];
  return [
    wrong(
      `This machine and the database are ${Math.round(apart)} seconds apart: have both set by NTP. Codes of a second factor are good for half a minute, and what is kept is kept by the clock`,
    ),
  ];
}
