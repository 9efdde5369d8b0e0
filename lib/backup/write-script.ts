/**
 * A backup's script: SQL that psql restores into an empty database, and that we take apart again (read-script.ts).
 *
 * It stands in parts, each behind a line that is a comment to psql: the tables of Prisma's own, each migration in a
 * transaction of its own as it was run, and then one transaction with all rows, behind which nothing that was open when
 * the backup was made is open. The last line says that it is the last.
 */
import type { Bulk } from '@/lib/platform/bulk';
import type { Catalog } from './catalog';
import { type TableContent, tableContent } from './table-content';

export const PART = '-- aftercallpro: part';
/** All rows are in, and nothing else has touched them. */
export const ROWS_ARE_IN = '-- aftercallpro: rows are in';
export const COMPLETE = '-- aftercallpro: complete';

const prismaTable = `CREATE TABLE public._prisma_migrations (
  id varchar(36) PRIMARY KEY NOT NULL,
  checksum varchar(64) NOT NULL,
  finished_at timestamptz,
  migration_name varchar(255) NOT NULL,
  logs text,
  rolled_back_at timestamptz,
  started_at timestamptz NOT NULL DEFAULT now(),
  applied_steps_count integer NOT NULL DEFAULT 0
);`;

const refuseFullDatabase = `DO $$ BEGIN
  IF EXISTS (SELECT FROM pg_class WHERE relnamespace = 'public'::regnamespace) THEN
    RAISE EXCEPTION 'This database is not empty. Restore into a new one.';
  END IF;
END $$;`;

type Script = {
  readonly name: string;
  readonly catalog: Catalog;
  readonly migrations: readonly { readonly name: string; readonly sql: string }[];
  /** Told of each table behind its last row. */
  readonly onTable: (name: string, content: TableContent) => void;
};

/** Writes the script, piece by piece, from a transaction that sees every row. */
export async function* writeScript(
  bulk: Bulk,
  { name, catalog, migrations, onTable }: Script,
): AsyncGenerator<Buffer | string> {
  yield `-- AfterCallPro, backup ${name}, of PostgreSQL ${catalog.postgres}. How to restore it: docs/restore.md
\\set ON_ERROR_STOP on
${PART}
SET client_encoding = 'UTF8'; SET datestyle = 'ISO, YMD'; SET timezone = 'UTC'; SET client_min_messages = warning;
${refuseFullDatabase}
${prismaTable}
`;
  for (const { name: migration, sql } of migrations) {
    if (/^(?:\\|-- aftercallpro:)/m.test(sql))
      throw new Error(`the migration ${migration} would not pass through psql`);
    yield `${PART}\n-- Migration ${migration}\nBEGIN;\n${sql.trimEnd()}\nCOMMIT;\n`;
  }
  yield `${PART}\nBEGIN;\n`;
  const counts: string[] = [];
  for (const table of catalog.tables) {
    const content = tableContent();
    yield `${PART}\nCOPY ${table.sql} (${table.columns}) FROM stdin;\n`;
    for await (const piece of bulk.copyOut(`COPY ${table.sql} (${table.columns}) TO STDOUT`)) {
      content.add(piece);
      yield piece;
    }
    yield '\\.\n';
    const found = content.end();
    counts.push(
      `  IF (SELECT count(*) FROM ${table.sql}) <> ${found.rows} THEN RAISE EXCEPTION '${table.sql} is not whole'; END IF;\n`,
    );
    onTable(table.name, found);
  }
  yield `${PART}\n`;
  for (const { sql, value, isCalled } of catalog.sequences) yield `SELECT setval('${sql}', ${value}, ${isCalled});\n`;
  yield `DO $$ BEGIN\n${counts.join('')}END $$;
${ROWS_ARE_IN}
SELECT end_what_was_open('${name}');
COMMIT;
ANALYZE ${catalog.tables.map(({ sql }) => sql).join(', ')};
\\echo AfterCallPro: backup ${name} is restored. Before you start the application: npm run backup -- finish
${COMPLETE}
`;
}
