/**
 * The database, by the login that may do nothing: a pool with Prisma on top of it, and another for callers who wait. Only
 * `enter.ts` and `brief.ts` (transactions) and `limit-stores.ts` (the one table the login may touch) use it.
 */
import { createHash } from 'node:crypto';
import type { Socket } from 'node:net';
import { PrismaPg } from '@prisma/adapter-pg';
import pg from 'pg';
import { type Prisma, PrismaClient } from '@/lib/generated/prisma/client';
import { env } from '@/lib/platform/env';
import { log } from '@/lib/platform/log';

export type Tx = Prisma.TransactionClient;

/** Milliseconds of silence after which a connection in use is dead: no statement may take that long. */
const DEAD_AFTER = 6_000;

type Database = { readonly pool: pg.Pool; readonly callers: pg.Pool; readonly prisma: PrismaClient };

function connect(): Database {
  const pool = poolOf({ max: 10, connectionTimeoutMillis: 4_000 });
  const adapter = new PrismaPg(pool, {
    statementNameGenerator: ({ sql }) => statementName(sql),
  });
  // A caller hears something else where there is no connection soon.
  const callers = poolOf({ max: 10, connectionTimeoutMillis: 500, pipeline: true });
  return { pool, callers, prisma: new PrismaClient({ adapter }) };
}

function poolOf(settings: pg.PoolConfig): pg.Pool {
  const pool = new pg.Pool({
    connectionString: env().DATABASE_URL,
    application_name: 'aftercallpro',
    idleTimeoutMillis: 30_000,
    allowExitOnIdle: true,
    ...settings,
  });
  // A network that swallows packets would keep a connection, and its place in the pool, for as long as the kernel does.
  pool.on('connect', (client) => void socketOf(client).on('timeout', () => socketOf(client).destroy()));
  pool.on('acquire', (client) => void socketOf(client).setTimeout(DEAD_AFTER));
  pool.on('release', (_error, client) => void socketOf(client).setTimeout(0));
  // An idle connection that the server closed: the pool has dropped it, and the next query opens another.
  pool.on('error', (error) => log.warn({ event: 'database.connection_lost', error }));
  return pool;
}

/** A statement that has a name is planned once a connection. */
export const statementName = (text: string): string => createHash('sha256').update(text).digest('base64url');

/** The connection's own socket. */
export const socketOf = (client: pg.PoolClient) => (client as pg.Client).connection.stream as Socket;

// Next's development server evaluates a module again on each change: the pool must not multiply.
const kept = globalThis as typeof globalThis & { aftercallproDatabase?: Database };

/** Connects at the first call, not at import: `next build` has no database. */
export function database(): Database {
  kept.aftercallproDatabase ??= connect();
  return kept.aftercallproDatabase;
}

/** Another database, by its owner's address, for as long as somebody looks at it. */
export const ownedDatabase = (url: string): PrismaClient =>
  new PrismaClient({ adapter: new PrismaPg({ connectionString: url, max: 1 }) });

/** Whether an error inside a transaction is the database's word, or somebody's for it, and not that of the code that ran there. */
export const isOfDatabase = (error: unknown): boolean =>
  error instanceof Error && /^(?:Prisma(?!ClientValidation)|DriverAdapter|DatabaseFailure)/.test(error.name);

/** The login of `DATABASE_URL` cannot be used, or must not be. */
export class UnsafeLogin extends Error {
  override name = 'UnsafeLogin';
}

/**
 * Refuses a login that the tenant walls do not hold back.
 *
 * @throws UnsafeLogin that says what is wrong with the login and which statement mends it; any other error where the
 *   database cannot be asked.
 */
export async function refuseUnsafeLogin(pool: pg.Pool): Promise<void> {
  const { rows } = await pool
    .query<{ bypasses: boolean; owns: boolean; inherits: boolean }>(`
    SELECT (SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user) AS bypasses,
      EXISTS (SELECT FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace AND pg_has_role(c.relowner, 'USAGE')) AS owns,
      EXISTS (SELECT FROM pg_roles r WHERE r.rolname IN ('app_viewer', 'app_admin', 'app_grantee', 'app_sign_in', 'app_system', 'app_backup')
        AND pg_has_role(current_user, r.oid, 'USAGE')) AS inherits`)
    .catch((error: unknown) => {
      const { code } = Object(error);
      if (/^28/.test(code)) throw new UnsafeLogin('DATABASE_URL: the database does not let its login in');
      if (code === '3D000') throw new UnsafeLogin('DATABASE_URL: its server has no database of that name');
      throw error;
    });
  const [found] = rows;
  if (!found) throw new UnsafeLogin('DATABASE_URL: the database did not say who its login is');
  if (found.bypasses)
    throw new UnsafeLogin('DATABASE_URL: its login is a superuser or bypasses row-level security; use the role app');
  if (found.owns)
    throw new UnsafeLogin(
      'DATABASE_URL: its login owns tables, and owners are not held by row-level security; use the role app',
    );
  if (found.inherits)
    throw new UnsafeLogin(
      'DATABASE_URL: its login inherits a role it should have to enter; run ALTER ROLE app NOINHERIT',
    );
}

/**
 * Whether a restore of this database was not finished: who was erased since the backup is in it again.
 *
 * @throws where the database cannot be asked, or has not been migrated.
 */
export async function isRestoreUnfinished(pool: pg.Pool): Promise<boolean> {
  const { rows } = await pool.query<{ unfinished: boolean }>('SELECT is_restore_unfinished() AS unfinished');
  return rows[0]?.unfinished === true;
}
