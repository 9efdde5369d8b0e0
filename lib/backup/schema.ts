/** The migrations that made a database what it is, from their files. */
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { type Catalog, Incomplete } from './catalog';

/** Above the program that runs, wherever it was started from; a host that serves functions has none, and unpacks them where it stands. */
function folder(): string {
  for (let at = process.argv[1] ?? `${process.cwd()}/here`; at !== path.dirname(at); at = path.dirname(at)) {
    const found = path.join(/* turbopackIgnore: true */ path.dirname(at), 'prisma', 'migrations');
    if (existsSync(found)) return found;
  }
  throw new Incomplete('the migrations are not where this program is');
}

/**
 * The SQL of each migration that a database has, in order.
 *
 * @throws Incomplete where a file is missing or is another one than was run there.
 */
export async function readMigrations({ migrations }: Catalog): Promise<readonly { name: string; sql: string }[]> {
  const from = folder();
  return Promise.all(
    migrations.map(async ({ name, checksum }) => {
      const file = await readFile(path.join(from, name, 'migration.sql')).catch(() => null);
      if (!file) throw new Incomplete(`the database has the migration ${name}, and this version does not know it`);
      if (createHash('sha256').update(file).digest('hex') !== checksum)
        throw new Incomplete(`the migration ${name} was changed after it was run`);
      return { name, sql: file.toString('utf8') };
    }),
  );
}
