import { spawnSync } from 'node:child_process';
import pg from 'pg';
import { describe, expect, test } from 'vitest';
import { testDatabase } from '@/tests/support/database';

const database = await testDatabase();

function prisma(args: readonly string[], url = database.owner) {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['scripts/prisma.mjs', ...args], {
    encoding: 'utf8',
    env: { ...process.env, DIRECT_URL: url },
  });
  return { status, output: stdout + stderr };
}

function diff(...from: readonly string[]) {
  return prisma(['migrate', 'diff', ...from, '--to-schema', 'prisma/schema.prisma', '--exit-code']);
}

async function query(sql: string, values?: unknown[]) {
  const client = new pg.Client({ connectionString: database.owner });
  await client.connect();
  try {
    return (await client.query(sql, values)).rows;
  } finally {
    await client.end();
  }
}

describe('migrations, with no download', () => {
  test('are whole: the migrated database is what the schema says', () => {
    const { status, output } = diff('--from-config-datasource');
    expect(output).toContain('No difference detected');
    expect(status).toBe(0);
  });

  test('replayed in a shadow database they come to the schema too, and the shadow is gone', async () => {
    const { status, output } = diff('--from-migrations', 'prisma/migrations');
    expect(output).toContain('No difference detected');
    expect(status).toBe(0);
    expect(await query(`SELECT FROM pg_database WHERE datname LIKE 'prisma_migrate_shadow%'`)).toEqual([]);
  });

  test('that fell behind the schema are seen', async () => {
    await query('CREATE TABLE stray (id int)');
    const { status, output } = diff('--from-config-datasource');
    await query('DROP TABLE stray');
    expect(output).toContain('stray');
    expect(status).toBe(2);
  });

  test('are all applied, by an owner who is no superuser', async () => {
    expect(prisma(['migrate', 'status'])).toMatchObject({
      status: 0,
      output: expect.stringContaining('Database schema is up to date'),
    });
    const [owner] = await query(`
      SELECT rolname, rolsuper, rolbypassrls FROM pg_roles
      WHERE oid = (SELECT relowner FROM pg_class WHERE relname = 'users' AND relnamespace = 'public'::regnamespace)`);
    expect(owner).toEqual({ rolname: 'acp_owner', rolsuper: false, rolbypassrls: false });
  });

  test.each([
    ['a wrong password', (url: URL) => Object.assign(url, { password: 'wrong' }), 'P1000'],
    ['no server', (url: URL) => Object.assign(url, { port: '1' }), 'P1001'],
  ])('%s is a plain message and a failure', (_, spoil, code) => {
    const { status, output } = prisma(['migrate', 'deploy'], spoil(new URL(database.owner)).href);
    expect(output).toContain(code);
    expect(status).toBe(1);
  });
});
