/** What there is to back up, asked of the database itself. */
import type { Bulk } from '@/lib/platform/bulk';

export type Table = {
  readonly name: string;
  /** As SQL writes them. */
  readonly sql: string;
  readonly columns: string;
};
export type Migration = { readonly name: string; readonly checksum: string };
export type Catalog = {
  /** Each behind those that its foreign keys lead to. */
  readonly tables: readonly Table[];
  /** As SQL writes them, with what `setval` needs. */
  readonly sequences: readonly { readonly sql: string; readonly value: string; readonly isCalled: boolean }[];
  readonly migrations: readonly Migration[];
  readonly postgres: string;
};

/** The backup would not hold all that is there. */
export class Incomplete extends Error {
  override name = 'Incomplete';
}

type TableRow = Table & { readonly needs: readonly string[]; readonly isReadable: boolean };

/**
 * Reads the catalog and holds every table as it is until the transaction ends.
 *
 * @throws Incomplete where a row could be hidden from whoever is asking, where tables need each other, or where the last
 *   migration was not finished.
 */
export async function readCatalog(bulk: Bulk): Promise<Catalog> {
  const rows = await bulk.query<TableRow>(`
    SELECT c.relname AS name, format('public.%I', c.relname) AS sql,
      (SELECT string_agg(quote_ident(a.attname), ', ' ORDER BY a.attnum) FROM pg_attribute a
        WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = '') AS columns,
      ARRAY(SELECT DISTINCT f.relname::text FROM pg_constraint k JOIN pg_class f ON f.oid = k.confrelid
        WHERE k.conrelid = c.oid AND k.contype = 'f' AND k.confrelid <> c.oid) AS needs,
      c.relkind = 'r' AND has_table_privilege(c.oid, 'SELECT') AND (
        NOT c.relrowsecurity OR NOT row_security_active(c.oid) OR (
          EXISTS (SELECT FROM pg_policy p WHERE p.polrelid = c.oid AND p.polcmd IN ('r', '*') AND p.polpermissive
            AND current_user::regrole = ANY (p.polroles) AND pg_get_expr(p.polqual, p.polrelid) = 'true')
          AND NOT EXISTS (SELECT FROM pg_policy p WHERE p.polrelid = c.oid AND NOT p.polpermissive))) AS "isReadable"
    FROM pg_class c
    WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p', 'f')
    ORDER BY c.relname`);
  const hidden = rows.filter(({ isReadable }) => !isReadable).map(({ name }) => name);
  if (hidden.length > 0) {
    throw new Incomplete(
      `app_backup does not see every row of ${hidden.join(', ')}: a migration must give it the policy "backup" there`,
    );
  }
  const tables = inOrderOfNeed(rows);
  await bulk.query(`LOCK TABLE ${tables.map(({ sql }) => sql).join(', ')} IN ACCESS SHARE MODE`);

  const sequences = await bulk.query<Catalog['sequences'][number]>(`
    SELECT format('public.%I', sequencename) AS sql, coalesce(last_value, start_value)::text AS value,
      last_value IS NOT NULL AS "isCalled"
    FROM pg_sequences WHERE schemaname = 'public' ORDER BY sequencename`);
  const migrations = await bulk.query<Migration & { readonly isFinished: boolean }>(`
    SELECT migration_name AS name, checksum, finished_at IS NOT NULL AS "isFinished"
    FROM _prisma_migrations WHERE rolled_back_at IS NULL ORDER BY migration_name`);
  const unfinished = migrations.find(({ isFinished }) => !isFinished);
  if (unfinished) throw new Incomplete(`the migration ${unfinished.name} is not finished`);
  const [version] = await bulk.query<{ server_version: string }>('SHOW server_version');
  return { tables, sequences, migrations, postgres: version?.server_version ?? '' };
}

function inOrderOfNeed(rows: readonly TableRow[]): readonly Table[] {
  const ordered: Table[] = [];
  const done = new Set<string>();
  let waiting = rows;
  while (waiting.length > 0) {
    const ready = waiting.filter(({ needs }) => needs.every((need) => done.has(need)));
    if (ready.length === 0)
      throw new Incomplete(`these tables need each other: ${waiting.map(({ name }) => name).join(', ')}`);
    for (const { name, sql, columns } of ready) {
      ordered.push({ name, sql, columns });
      done.add(name);
    }
    waiting = waiting.filter(({ name }) => !done.has(name));
  }
  return ordered;
}
