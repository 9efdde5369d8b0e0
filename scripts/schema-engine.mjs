#!/usr/bin/env node
/**
 * The schema engine behind `prisma migrate`, without Prisma's binary, which is not on npm and would be downloaded.
 *
 * The same engine is on npm as WebAssembly, with its database calls left to a driver adapter. This program stands where
 * Prisma's CLI expects the binary. It speaks JSON-RPC, a line a message, on standard input and output, and hands each
 * call to the WebAssembly engine over `@prisma/adapter-pg`, whose behaviour under migrations is corrected in three places.
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { PrismaPg } from '@prisma/adapter-pg';
import { bindMigrationAwareSqlAdapterFactory, ColumnTypeEnum } from '@prisma/driver-adapter-utils';
import pg from 'pg';

const { values: options, positionals } = parseArgs({
  strict: false,
  allowPositionals: true,
  options: {
    datamodels: { type: 'string', multiple: true, default: [] },
    datasource: { type: 'string', default: '{}' },
    'enabled-preview-features': { type: 'string' },
    'extension-types': { type: 'string' },
    version: { type: 'boolean', short: 'V' },
  },
});
const databaseUrl = JSON.parse(options.datasource).url ?? '';

/** `schema-engine cli <what>`: one question about the database, answered by the exit code. */
async function runOnce(what) {
  try {
    await (what === 'create-database' ? createDatabase(databaseUrl) : withClient(databaseUrl, () => {}));
  } catch (error) {
    // The CLI skips the first line and parses every other.
    const entry = { level: 'ERROR', target: 'schema_engine::logger', fields: explain(error) };
    process.stderr.write(`\n${JSON.stringify(entry)}`);
    process.exitCode = 1;
  }
}

/** JSON-RPC until the CLI closes our input. Calls come one at a time. */
async function serve() {
  const shadows = new ShadowDatabases();
  const engine = lazily(() => startEngine(shadows));
  const ours = {
    createDatabase: async () => ({ databaseName: await createDatabase(databaseUrl) }),
    ensureConnectionValidity: () => withClient(databaseUrl, () => ({})),
    getDatabaseVersion: async () => (await engine()).version(),
  };
  const send = (message) => process.stdout.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`);

  for await (const line of createInterface({ input: process.stdin })) {
    const { id, method, params } = JSON.parse(line);
    if (!method) continue; // the CLI's answer to a `print` of ours
    try {
      const result = (await (ours[method] ? ours[method]() : (await engine())[method](params))) ?? null;
      // Before the answer: once the CLI has that, it may end this process.
      await shadows.drop();
      if (method === 'diff' && result?.stdout) {
        send({ id: `print-${id}`, method: 'print', params: { content: result.stdout } });
      }
      send({ id, result });
    } catch (error) {
      await shadows.drop().catch(() => {});
      const data = { is_panic: false, ...explain(error) };
      send({ id, error: { code: 4466, message: data.message, data } });
    }
  }
  process.exit();
}

/**
 * Loads the engine and gives it the schema and the database. Here and not at the top of the file: should the package be
 * missing, the CLI must get that for an answer. Without one it takes the end of this process for success.
 */
async function startEngine(shadows) {
  const wasm = await import('@prisma/schema-engine-wasm/schema_engine_bg');
  const folder = path.dirname(createRequire(import.meta.url).resolve('@prisma/schema-engine-wasm'));
  const bytes = readFileSync(path.join(folder, 'schema_engine_bg.wasm'));
  const { instance } = await WebAssembly.instantiate(bytes, { './schema_engine_bg.js': wasm });
  // The engine calls this by name when it panics; what it then throws says only "unreachable".
  globalThis.PRISMA_WASM_PANIC_REGISTRY = { set_message: (message) => process.stderr.write(`${message}\n`) };
  wasm.__wbg_set_wasm(instance.exports);
  instance.exports.__wbindgen_start();

  const datamodels = options.datamodels.map((file) => [file, readFileSync(file, 'utf8')]);
  const adapter = bindMigrationAwareSqlAdapterFactory(new MigrationAdapter(databaseUrl, shadows));
  return wasm.SchemaEngine.new({ datamodels: datamodels.length > 0 ? datamodels : undefined }, () => {}, adapter);
}

/** `@prisma/adapter-pg` on a single connection, corrected for what migrations ask of it. */
class MigrationAdapter extends PrismaPg {
  constructor(url, shadows) {
    super({ connectionString: url, max: 1 }, { schema: schemaOf(url) });
    this.url = url;
    this.shadows = shadows;
  }

  async connect() {
    const connection = await super.connect();
    // The original cuts a script at every semicolon, those inside a function's body too.
    connection.executeScript = async (sql) => {
      await connection
        .underlyingDriver()
        .query(sql)
        .catch((error) => connection.onError(error));
    };
    const startTransaction = connection.startTransaction.bind(connection);
    connection.startTransaction = async (level) => readingCatalogs(await startTransaction(level));
    return readingCatalogs(connection);
  }

  // The original connects to the main database in its place, since the connection string's own name for it wins.
  async connectToShadowDb() {
    const url = await this.shadows.create(this.url);
    const connection = await new MigrationAdapter(url, this.shadows).connect();
    return this.shadows.track(url, connection);
  }
}

/** Databases in which migrations are replayed to see what they come to. None of them is to outlive its question. */
class ShadowDatabases {
  #open = new Map();

  async create(besides) {
    const url = new URL(besides);
    url.pathname = `/prisma_migrate_shadow_db_${crypto.randomUUID()}`;
    await createDatabase(url.href);
    this.#open.set(url.href, async () => {});
    return url.href;
  }

  /** The connection is closed once, by the engine or by `drop`, whichever comes first. */
  track(url, connection) {
    connection.dispose = lazily(connection.dispose.bind(connection));
    this.#open.set(url, connection.dispose);
    return connection;
  }

  async drop() {
    for (const [url, dispose] of this.#open) {
      this.#open.delete(url);
      await dispose();
      // Not WITH (FORCE): an owner may not end the server's own autovacuum, which leaves by itself when asked like this.
      await withClient(maintenance(url), (client) =>
        client.query(`DROP DATABASE IF EXISTS ${pg.escapeIdentifier(databaseOf(url))}`),
      );
    }
  }
}

/** What the types in PostgreSQL's catalogs are to the engine. The original refuses those it does not know. */
const columnTypes = new Map(
  Object.entries({
    16: 'Boolean',
    18: 'Character', // "char", which the original does not know
    20: 'Int64',
    21: 'Int32',
    23: 'Int32',
    26: 'Int64', // oid
    700: 'Float',
    701: 'Double',
    1000: 'BooleanArray',
    1002: 'CharacterArray',
    1003: 'TextArray', // name[]
    1005: 'Int32Array',
    1007: 'Int32Array',
    1009: 'TextArray',
    1016: 'Int64Array',
    1028: 'Int64Array', // oid[]
    1184: 'DateTime',
    1700: 'Numeric',
  }).map(([oid, name]) => [Number(oid), ColumnTypeEnum[name]]),
);

function readingCatalogs(queryable) {
  queryable.queryRaw = async (query) => {
    const { fields, rows } = await queryable.performIO(query);
    return {
      columnNames: fields.map((field) => field.name),
      columnTypes: fields.map((field) => columnTypes.get(field.dataTypeID) ?? ColumnTypeEnum.Text),
      rows,
    };
  };
  return queryable;
}

async function createDatabase(url) {
  const name = databaseOf(url);
  await withClient(maintenance(url), (client) => client.query(`CREATE DATABASE ${pg.escapeIdentifier(name)}`));
  return name;
}

async function withClient(url, work) {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5000 });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

/** The database that every server has, from which others are made and dropped. */
function maintenance(url) {
  const address = new URL(url);
  address.pathname = '/postgres';
  return address.href;
}

function databaseOf(url) {
  return decodeURIComponent(new URL(url).pathname.slice(1));
}

function schemaOf(url) {
  return URL.canParse(url) ? (new URL(url).searchParams.get('schema') ?? undefined) : undefined;
}

/** An error as the CLI shows it, under Prisma's own number where the CLI decides by it. */
function explain(error) {
  const known = {
    '3D000': ['P1003', 'The database does not exist'],
    '28P01': ['P1000', "The database refused the login's password"],
    '42P04': ['P1009', 'The database exists already'],
    ECONNREFUSED: ['P1001', 'The database server cannot be reached'],
    ENOTFOUND: ['P1001', 'The database server cannot be found'],
    ETIMEDOUT: ['P1001', 'The database server does not answer'],
  }[error?.code];
  return known
    ? { error_code: known[0], message: known[1] }
    : { error_code: error?.code, message: error?.message ?? String(error) };
}

/** Does it once, at the first call; later calls get the same answer. */
function lazily(work) {
  let answer;
  return () => {
    answer ??= work();
    return answer;
  };
}

if (options.version) process.stdout.write('schema-engine (WebAssembly)\n');
else if (positionals[0] === 'cli') await runOnce(positionals[1]);
else await serve();
