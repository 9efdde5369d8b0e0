/**
 * Connections for whole tables at a time: the backup's, which sees everything as it was at one moment and changes
 * nothing, and the owner's, for restores. Outside of the pool: they take as long as the store does.
 */
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import pg from 'pg';
import copyStreams from 'pg-copy-streams';
import { env } from '@/lib/platform/env';

export type Bulk = {
  /** Runs a statement, or several without parameters; the rows of the last one. */
  query<R extends object>(sql: string, parameters?: readonly unknown[]): Promise<readonly R[]>;
  /** What `COPY … TO STDOUT` writes. */
  copyOut(sql: string): Readable;
  /** Feeds `COPY … FROM stdin`. */
  copyIn(sql: string, rows: AsyncIterable<Buffer>): Promise<void>;
};

/** For a transaction, so that COPY writes everything the same way on every server: what was restored is compared with it. */
export const COPY_ALIKE = `SET LOCAL client_encoding = 'UTF8'; SET LOCAL datestyle = 'ISO, YMD';
  SET LOCAL intervalstyle = 'postgres'; SET LOCAL timezone = 'UTC'; SET LOCAL extra_float_digits = 3;
  SET LOCAL bytea_output = 'hex'`;

/** The transaction takes as long as it takes. */
const PATIENT = 'SET LOCAL statement_timeout = 0; SET LOCAL idle_in_transaction_session_timeout = 0';

/** Runs in one transaction that has entered the role which reads every row; what it reads is of one moment. */
export const inSnapshot = <T>(run: (bulk: Bulk) => Promise<T>): Promise<T> =>
  connected(env().DATABASE_URL, async (bulk) => {
    const kind = 'ISOLATION LEVEL REPEATABLE READ READ ONLY';
    await bulk.query(`BEGIN ${kind}; SET LOCAL ROLE app_backup; ${COPY_ALIKE}; ${PATIENT}`);
    return run(bulk);
  });

/** Runs with a connection to an address; what it left open is undone with it. */
export async function connected<T>(url: string, run: (bulk: Bulk) => Promise<T>): Promise<T> {
  const client = new pg.Client({
    connectionString: url,
    application_name: 'aftercallpro-backup',
    connectionTimeoutMillis: 10_000,
    keepAlive: true,
  });
  client.on('error', () => undefined); // the query that is under way fails, and says so
  await client.connect();
  try {
    return await run({
      query: async <R extends object>(sql: string, parameters?: readonly unknown[]) => {
        const result = await client.query<R>(sql, parameters ? [...parameters] : undefined);
        return Array.isArray(result) ? (result.at(-1)?.rows ?? []) : result.rows;
      },
      copyOut: (sql) => client.query(copyStreams.to(sql, { highWaterMark: 262_144 })),
      copyIn: (sql, rows) => pipeline(rows, client.query(copyStreams.from(sql))),
    });
  } finally {
    await client.end();
  }
}
