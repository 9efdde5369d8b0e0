/**
 * How fast a database is backed up, and in how much memory, beside pg_dump with the same compressor and age: `npm run
 * bench -- backup [--mb 500]`. Turn by turn in one run, all into files on the same disk.
 *
 * pg_dump refuses a server that is newer than it is, so the server is the one that came with it (Debian's
 * postgresql-NN): tables and constraints are ours, roles and policies need a newer one and are stood in for.
 */
import '@/tests/support/environment';
import { execFileSync, spawn } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { generateX25519Identity, identityToRecipient } from 'age-encryption';
import { type Bulk, connected } from '@/lib/platform/bulk';
import { newId } from '@/lib/platform/clock';
import { bestCompression } from '@/lib/platform/compression';
import { unprivilegedUser } from '@/scripts/support/system-user';
import { middle } from './figures';

const { values } = parseArgs({
  options: { mb: { type: 'string', default: '500' }, help: { type: 'boolean' } },
  allowPositionals: true,
});
const megabytes = Number(values.mb);
const ROUNDS = 3;

const [, version = ''] = /(\d+)/.exec(execFileSync('pg_dump', ['--version'], { encoding: 'utf8' })) ?? [];
const programs = `/usr/lib/postgresql/${version}/bin`;
if (!existsSync(`${programs}/initdb`))
  throw new Error(`Install the server of your pg_dump: apt-get install postgresql-${version} age zstd`);

const folder = mkdtempSync(path.join(tmpdir(), 'bench-backup-'));
chmodSync(folder, 0o755);
const user = unprivilegedUser();
const cluster = path.join(folder, 'cluster');
mkdirSync(cluster);
execFileSync('chown', [`${user.uid}:${user.gid}`, cluster]);
const { PATH, NODE_ENV } = process.env;
const asUser = { ...user, cwd: '/', env: { PATH, NODE_ENV } };
execFileSync(
  `${programs}/initdb`,
  ['-D', cluster, '-U', 'bench', '-A', 'trust', '--no-sync', '-E', 'UTF8', '--locale=C'],
  { ...asUser, stdio: 'ignore' },
);
const port = await freePort();
const server = spawn(
  `${programs}/postgres`,
  [
    '-D',
    cluster,
    '-p',
    String(port),
    '-c',
    'unix_socket_directories=',
    '-c',
    'listen_addresses=127.0.0.1',
    '-c',
    'fsync=off',
  ],
  { ...asUser, stdio: 'ignore' },
);
const url = `postgresql://bench@127.0.0.1:${port}/postgres`;
try {
  await untilUp();
  const identity = await generateX25519Identity();
  const recipient = await identityToRecipient(identity);
  console.log(`writing a database of ${megabytes} MB …`);
  await connected(url, fill);
  await compare(recipient);
} finally {
  server.kill('SIGINT');
  await once(server, 'exit');
  rmSync(folder, { recursive: true });
}

/** `memory` is the most there was, in MB. */
type Taken = { readonly seconds: number; readonly memory?: number };

async function compare(recipient: string) {
  const ours = `${bestCompression === 'zstd' ? 'zstd -1' : 'gzip -6'}`;
  const dump = `pg_dump --no-owner '${url}'`;
  const sealed = `age -r ${recipient} -o '${folder}/dump.age'`;
  const plain = Number(execFileSync('sh', ['-c', `${dump} | wc -c`], { encoding: 'utf8' })) / 1e6;
  console.log(`… ${plain.toFixed(0)} MB as pg_dump writes it\n`);
  const contestants: Readonly<Record<string, () => Promise<Taken>>> = {
    [`ours (${ours})`]: () => backUp(recipient),
    'pg_dump | zstd -1 | age': () => shell(`${dump} | zstd -1 -c | ${sealed}`),
    'pg_dump | gzip -6 | age': () => shell(`${dump} | gzip -6 -c | ${sealed}`),
  };
  const taken = new Map<string, Taken[]>();
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const [name, run] of Object.entries(contestants)) {
      rmSync(`${folder}/dump.age`, { force: true });
      taken.set(name, [...(taken.get(name) ?? []), await run()]);
    }
  }
  for (const [name, runs] of taken) {
    const seconds = middle(runs.map((run) => run.seconds));
    const memory = Math.max(...runs.map(({ memory = 0 }) => memory));
    console.log(
      `${name.padEnd(28)}${seconds.toFixed(2).padStart(7)} s ${(plain / seconds).toFixed(0).padStart(5)} MB/s${memory ? `   peak memory ${memory.toFixed(0)} MB` : ''}`,
    );
  }
}

/** Our own backup, as `npm run job` runs it, in a process that says how long it took and in how much memory. */
async function backUp(recipient: string): Promise<Taken> {
  const program = ['--max-semi-space-size=4', '--import', 'tsx', 'bench/backup-once.ts', folder, recipient];
  return JSON.parse(await outputOf(process.execPath, program));
}

async function shell(command: string): Promise<Taken> {
  const begun = performance.now();
  execFileSync('bash', ['-o', 'pipefail', '-c', `${command} && sync '${folder}/dump.age'`]);
  return { seconds: (performance.now() - begun) / 1000 };
}

async function outputOf(program: string, args: readonly string[]): Promise<string> {
  const child = spawn(program, args, {
    env: { ...process.env, DATABASE_URL: url },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let said = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    said += text;
  });
  const [code] = await once(child, 'close');
  if (code !== 0) throw new Error('our backup failed');
  return said;
}

/** Our tables, and in them about as much as was asked for: for each call a transcript and four entries of the trail. */
async function fill(bulk: Bulk) {
  const migrations = readdirSync('prisma/migrations')
    .filter((name) => /_(?:tables|constraints)$/.test(name))
    .slice(0, 2);
  await bulk.query(`CREATE ROLE app_backup; CREATE TABLE _prisma_migrations (id varchar(36) PRIMARY KEY, checksum varchar(64) NOT NULL,
    finished_at timestamptz, migration_name varchar(255) NOT NULL, logs text, rolled_back_at timestamptz, started_at timestamptz, applied_steps_count int)`);
  for (const name of migrations) {
    const sql = readFileSync(`prisma/migrations/${name}/migration.sql`, 'utf8');
    await bulk.query(sql);
    const checksum = createHash('sha256').update(sql).digest('hex');
    await bulk.query(
      'INSERT INTO _prisma_migrations (id, checksum, finished_at, migration_name) VALUES ($1, $2, now(), $3)',
      [newId(), checksum, name],
    );
  }
  const businessId = newId();
  const week = JSON.stringify(Object.fromEntries([1, 2, 3, 4, 5, 6, 7].map((day) => [day, []])));
  await bulk.query(
    `INSERT INTO businesses (id, name, contact_email, greeting, zone, weekly_hours, monthly_minutes_limit)
     VALUES ($1, 'A business', $2, 'Hello.', 'UTC', $3, 100)`,
    [businessId, Buffer.concat([Buffer.of(1), randomBytes(44)]), week],
  );
  const sealed = (bytes: number) => `\\\\x01${randomBytes(bytes - 1).toString('hex')}`;
  const calls: { id: string; at: string }[] = [];
  const count = Math.ceil((megabytes * 1e6) / 4_000);
  async function* rows(of: (call: { id: string; at: string }) => string) {
    for (let from = 0; from < count; from += 500) {
      let text = '';
      for (const call of calls.slice(from, from + 500)) text += of(call);
      yield Buffer.from(text);
    }
  }
  for (let n = 0; n < count; n += 1) calls.push({ id: newId(), at: new Date(Date.now() - n * 60_000).toISOString() });
  await bulk.copyIn(
    'COPY calls (business_id, id, call_sid, type, status, called_number, caller_number, caller_name, wanted, started_at) FROM stdin',
    rows(
      ({ id, at }) =>
        `${[businessId, id, `CA${id.replaceAll('-', '')}`, 'inbound', 'completed', '+12125550100', sealed(45), sealed(50), sealed(130), at].join('\t')}\n`,
    ),
  );
  await bulk.copyIn(
    'COPY transcripts (business_id, id, call_id, recording_sid, status, text, created_at) FROM stdin',
    rows(
      ({ id, at }) =>
        `${[businessId, id, id, `RE${id.replaceAll('-', '')}`, 'completed', sealed(700), at].join('\t')}\n`,
    ),
  );
  await bulk.copyIn(
    'COPY audit_logs (id, business_id, user_id, action, resource_type, resource_id, ip_address, user_agent, details, timestamp) FROM stdin',
    rows(({ id, at }) =>
      Array.from(
        { length: 4 },
        () =>
          `${[newId(), businessId, businessId, 'call.read', 'call', id, '192.0.2.1', 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0', JSON.stringify({ ids: [id, newId(), newId()] }), at].join('\t')}\n`,
      ).join(''),
    ),
  );
  await bulk.query('GRANT SELECT ON ALL TABLES IN SCHEMA public TO app_backup');
  await bulk.query('VACUUM ANALYZE');
}

async function untilUp() {
  const patience = Date.now() + 30_000;
  for (;;) {
    try {
      return await connected(url, (bulk) => bulk.query('SELECT 1'));
    } catch (error) {
      if (Date.now() > patience) throw error;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}

async function freePort(): Promise<number> {
  const listener = createServer().listen(0, '127.0.0.1');
  await once(listener, 'listening');
  const { port: free } = listener.address() as { port: number };
  listener.close();
  await once(listener, 'close');
  return free;
}
