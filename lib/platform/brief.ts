/**
 * Transactions while a caller waits: over connections of their own, so that nobody else's page keeps a caller waiting, and
 * in as few round trips as can be. Statements asked for at the same time travel together, with `BEGIN` in front of the
 * first; Prisma, which sends one after the other and works on each for longer than the database, has no part in it
 * (docs/decisions/033-a-ring-is-short.md). Only `enter.ts` uses it.
 */
import type { PoolClient } from 'pg';
import { database, socketOf, statementName } from '@/lib/platform/db';
import type { Sql } from '@/lib/platform/sql';

/** Runs a statement and gives its rows; those asked for together run in the order in which they were asked for. */
export type Ask = <Row>(statement: Sql) => Promise<Row[]>;

/** The database did not do as it was asked, or could not be reached. */
export class DatabaseFailure extends Error {
  override name = 'DatabaseFailure';
  /** PostgreSQL's, or the network's; empty where neither said one. */
  readonly code = String(Object(this.cause).code ?? '');
}

/**
 * One transaction.
 *
 * @param whole milliseconds that it may take, from when it has a connection.
 * @param run gives its result, and the statement that ends its work, where there is one: that travels with `COMMIT`.
 * @throws DatabaseFailure where a statement failed, no connection could be had, or its time was over: nothing is committed
 *   then. What `run` throws is thrown, and nothing is committed either.
 */
export async function briefly<T>(
  whole: number,
  run: (ask: Ask) => Promise<{ readonly result: T; readonly last?: Sql | undefined }>,
): Promise<T> {
  const client = await database().callers.connect().catch(failed);
  const ask: Ask = async <Row>({ text, values }: Sql) => {
    const { rows } = await send(client, { name: statementName(text), text, values });
    return rows as Row[];
  };
  const deadline = performance.now() + whole;
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new DatabaseFailure('a transaction was not done in its time')), whole);
  });
  const work = async () => {
    const begun = send(client, 'BEGIN');
    const [, { result, last }] = await Promise.all([begun, run(ask)]);
    // The timer may be late too, and whoever waited has been told by now that it did not work.
    if (performance.now() > deadline) throw new DatabaseFailure('a transaction was done after its time');
    const [, { command }] = await Promise.all([last && ask(last), send(client, 'COMMIT')]);
    // A transaction in which something failed ends with ROLLBACK, whatever it is told.
    if (command !== 'COMMIT') throw new DatabaseFailure('a transaction was not committed');
    return result;
  };
  try {
    const result = await Promise.race([work(), late]);
    client.release();
    return result;
  } catch (error) {
    client.release(true); // what is still on its way dies with the connection
    throw error;
  } finally {
    clearTimeout(timer);
  }
}

/** What is sent before the next turn of the event loop leaves in one packet. */
function send(client: PoolClient, query: string | { name: string; text: string; values: unknown[] }) {
  const socket = socketOf(client);
  socket.cork();
  process.nextTick(() => socket.uncork());
  return client.query(query).catch(failed);
}

function failed(cause: unknown): never {
  throw new DatabaseFailure('the database did not do as it was asked', { cause });
}
