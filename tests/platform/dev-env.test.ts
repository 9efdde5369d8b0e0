import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, test, vi } from 'vitest';
import { parseEnv } from '@/lib/platform/env';
import { openDatabase } from '@/scripts/support/database';
import { madeUp } from '@/scripts/support/dev-env';
import { freePort, portToServeAt } from '@/scripts/support/ports';

const folder = mkdtempSync(path.join(tmpdir(), 'dev-env-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** The environment of a process that adopted that of a new checkout, given what the shell had set. */
function adopted(shell: Record<string, string> = {}): Record<string, string> {
  const module = JSON.stringify(path.resolve('scripts/support/dev-env.ts'));
  const script = `import(${module}).then(async ({ adoptDevEnv }) => {
    await adoptDevEnv({ APP_URL: 'http://127.0.0.1:3000' });
    console.log(JSON.stringify(process.env));
  });`;
  const tsx = path.resolve('node_modules/tsx/dist/loader.mjs');
  const output = execFileSync(process.execPath, ['--import', tsx, '--eval', script], {
    cwd: folder,
    env: { NODE_ENV: 'test', PATH: process.env.PATH, ...shell },
    encoding: 'utf8',
  });
  return JSON.parse(output);
}

describe('an environment that was made up', () => {
  test('is whole but for the database', async () => {
    const values = { ...(await madeUp()), APP_URL: 'http://127.0.0.1:3000' };
    expect(() => parseEnv({ ...values, DATABASE_URL: 'postgresql://app@127.0.0.1/app' })).not.toThrow();
  });

  test('is made up once, and nobody else may read it', () => {
    const first = adopted();
    const file = path.join(folder, '.data', 'dev.env');
    const text = readFileSync(file, 'utf8');
    expect(adopted()).toEqual(first);
    expect(readFileSync(file, 'utf8')).toBe(text);
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  test('gives way to what the shell says, and does not write that down', () => {
    const key = 'k'.repeat(40);
    expect(adopted({ SECRET_KEY: key }).SECRET_KEY).toBe(key);
    expect(adopted().SECRET_KEY).not.toBe(key);
  });

  test('grows what a later version needs, and keeps what there was', () => {
    const { SECRET_KEY } = adopted();
    writeFileSync(path.join(folder, '.data', 'dev.env'), `SECRET_KEY=${SECRET_KEY}\n`);
    expect(adopted()).toMatchObject({ SECRET_KEY, CRON_SECRET: expect.any(String) });
  });
});

describe('a database that is named', () => {
  test('is used, and nothing embedded starts', async () => {
    vi.stubEnv('DATABASE_URL', 'postgresql://app@127.0.0.1:1/a');
    vi.stubEnv('DIRECT_URL', 'postgresql://owner@127.0.0.1:1/a');
    expect(await openDatabase()).toMatchObject({
      app: 'postgresql://app@127.0.0.1:1/a',
      owner: 'postgresql://owner@127.0.0.1:1/a',
    });
  });

  test('needs both of its logins', async () => {
    vi.stubEnv('DATABASE_URL', 'postgresql://app@127.0.0.1:1/a');
    vi.stubEnv('DIRECT_URL', '');
    await expect(openDatabase()).rejects.toThrow(/^DIRECT_URL is missing/);
  });
});

describe('the port', () => {
  test('that is in use is named, with a way out', async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    vi.stubEnv('PORT', String(port));
    await expect(portToServeAt()).rejects.toThrow(`Port ${port} is in use. Stop what uses it, or choose another one`);
    server.close();
  });

  test('is the one asked for', async () => {
    const port = await freePort();
    vi.stubEnv('PORT', String(port));
    expect(await portToServeAt()).toBe(port);
  });

  test('must be one', async () => {
    vi.stubEnv('PORT', 'three thousand');
    await expect(portToServeAt()).rejects.toThrow('PORT must be a number');
  });
});
