import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import pg from 'pg';
import { describe, expect, onTestFinished, test } from 'vitest';
import { type PostgresServer, startPostgres } from '@/scripts/support/embedded-postgres';

/** A folder for a server, which goes when the test is over; `mode` is that of the one above it. */
function folder(mode = 0o755): string {
  const above = mkdtempSync(path.join(tmpdir(), 'postgres-'));
  chmodSync(above, mode);
  onTestFinished(() => rmSync(above, { recursive: true, force: true }));
  return path.join(above, 'data');
}

async function start(where: string) {
  const server = await startPostgres(where, { durable: false });
  onTestFinished(() => server.release());
  return server;
}

async function ask(url: string, sql: string): Promise<Record<string, unknown> | undefined> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(sql)).rows[0];
  } finally {
    await client.end();
  }
}

async function pidOf(server: PostgresServer): Promise<number> {
  const row = await ask(server.url('postgres', 'postgres'), `SELECT pg_read_file('postmaster.pid') AS file`);
  return Number.parseInt(String(row?.file), 10);
}

describe('the embedded PostgreSQL', () => {
  test('is found by a second start, and stops with its last user', async () => {
    const where = folder();
    const first = await startPostgres(where, { durable: false });
    const second = await startPostgres(where, { durable: false });
    expect([first.started, second.started]).toEqual([true, false]);
    expect(second.url('app', 'postgres')).toBe(first.url('app', 'postgres'));

    await first.release();
    expect(await ask(second.url('app', 'postgres'), 'SELECT 1 AS one')).toEqual({ one: 1 });
    await second.release();
    await expect(ask(second.url('app', 'postgres'), 'SELECT 1 AS one')).rejects.toThrow('ECONNREFUSED');
  });

  test('outlives a kill -9 of whoever started it, and goes with the next user', async () => {
    const where = folder();
    const script = `import('./scripts/support/embedded-postgres').then(async ({ startPostgres }) => {
      await startPostgres(${JSON.stringify(where)}, { durable: false });
      process.kill(process.pid, 'SIGKILL');
    });`;
    const starter = spawn(process.execPath, ['--import', 'tsx', '--eval', script], { stdio: 'inherit' });
    expect(await once(starter, 'exit')).toEqual([null, 'SIGKILL']);

    const next = await startPostgres(where, { durable: false });
    expect(next.started).toBe(false);
    await next.release();
    await expect(ask(next.url('app', 'postgres'), 'SELECT 1')).rejects.toThrow('ECONNREFUSED');
  });

  test('two starts at once come to one server', async () => {
    const where = folder();
    const servers = await Promise.all([start(where), start(where), start(where)]);
    expect(servers.filter((server) => server.started)).toHaveLength(1);
    expect(new Set(servers.map((server) => server.url('app', 'postgres')))).toHaveProperty('size', 1);
  });

  test('has an owner who may make databases and roles but is no superuser, and an app that may do nothing', async () => {
    const server = await start(folder());
    const rights = `SELECT rolsuper, rolbypassrls, rolcreatedb, rolcreaterole, rolinherit, rolreplication
                    FROM pg_roles WHERE rolname = current_user`;
    const none = { rolsuper: false, rolbypassrls: false, rolreplication: false };
    expect(await ask(server.url('acp_owner', 'postgres'), rights)).toMatchObject({
      ...none,
      rolcreatedb: true,
      rolcreaterole: true,
    });
    expect(await ask(server.url('app', 'postgres'), rights)).toEqual({
      ...none,
      rolcreatedb: false,
      rolcreaterole: false,
      rolinherit: false,
    });
  });

  test('lets nobody in without the password, and listens on this machine alone', async () => {
    const server = await start(folder());
    const wrong = Object.assign(new URL(server.url('postgres', 'postgres')), { password: 'postgres' });
    await expect(ask(wrong.href, 'SELECT 1')).rejects.toThrow('password authentication failed');
    expect(await ask(server.url('app', 'postgres'), 'SHOW listen_addresses')).toEqual({
      listen_addresses: '127.0.0.1',
    });
  });

  test('is PostgreSQL 18, in UTF-8, with the same order on every machine', async () => {
    const server = await start(folder());
    const facts = `SELECT current_setting('server_version_num')::int / 10000 AS version,
                          pg_encoding_to_char(encoding) AS encoding, datlocprovider AS provider, datlocale AS locale
                   FROM pg_database WHERE datname = current_database()`;
    expect(await ask(server.url('app', 'postgres'), facts)).toEqual({
      version: 18,
      encoding: 'UTF8',
      provider: 'b',
      locale: 'C.UTF-8',
    });
  });

  test('starts afresh when its folder was deleted', async () => {
    const where = folder();
    const lost = await startPostgres(where, { durable: false });
    await ask(lost.url('postgres', 'postgres'), 'CREATE DATABASE precious');
    // Left to itself it would notice within a minute that its files are gone.
    const pid = await pidOf(lost);
    onTestFinished(() => void process.kill(pid, 'SIGKILL'));
    rmSync(where, { recursive: true });

    const server = await start(where);
    expect(server.started).toBe(true);
    expect(await ask(server.url('postgres', 'postgres'), `SELECT FROM pg_database WHERE datname = 'precious'`)).toBe(
      undefined,
    );
  });

  test('runs below a folder that nobody else may enter, also for root', async () => {
    const server = await start(folder(0o700));
    const found = await ask(server.url('postgres', 'postgres'), 'SHOW data_directory');
    const place = path.dirname(String(found?.data_directory));
    if (process.getuid?.() === 0) {
      expect(place).toMatch(/^\/var\/tmp\/aftercallpro-/);
      onTestFinished(() => rmSync(place, { recursive: true }));
    }
    expect(await ask(server.url('app', 'postgres'), 'SELECT 1 AS one')).toEqual({ one: 1 });
  });

  test('keeps what was committed when the server itself is killed', async () => {
    const where = folder();
    const first = await startPostgres(where);
    await ask(first.url('postgres', 'postgres'), 'CREATE TABLE kept AS SELECT 1 AS one');
    process.kill(await pidOf(first), 'SIGKILL');

    const server = await start(where);
    expect(await ask(server.url('postgres', 'postgres'), 'SELECT one FROM kept')).toEqual({ one: 1 });
  });
});
