/**
 * A real PostgreSQL for development, the demo and the tests, from the programs that npm brought.
 *
 * The server is a session of its own. It outlives whoever started it, even after `kill -9`, and the next start attaches
 * to it. It stops when its last user says goodbye. The npm package's own launcher is not used: it ties the server to the
 * process, runs with a fixed password and adds a user to the machine.
 *
 * Under the folder it is given lie `logins.json` (who may log in, mode 600), `users/` (a file for each process that uses
 * the server), `server.log`, and the cluster itself, unless the user that the server runs as cannot reach that folder;
 * then the cluster lies under /var/tmp.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import {
  chownSync,
  closeSync,
  existsSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { withLock } from './lock';
import { freePort } from './ports';
import { type Binaries, postgresBinaries } from './postgres-binaries';
import { commandOf, isAlive } from './process';
import { canReach, isRoot, type SystemUser, unprivilegedUser } from './system-user';

/**
 * Who may log in: the superuser, for making databases; the owner of a database, who runs its migrations and is no
 * superuser; and the app, which owns nothing.
 */
export type Login = 'postgres' | 'acp_owner' | 'app';

export type PostgresServer = {
  /** Whether this call started the server, or found it running. */
  readonly started: boolean;
  /** An address with its password in it: for an environment or a file of mode 600, never for the screen. */
  url(login: Login, database: string): string;
  /** Says goodbye; the last user to do so stops the server. */
  release(): Promise<void>;
};

type Logins = Readonly<Record<Login, string>>;

const STARTING_TAKES_AT_MOST = 30_000;

/**
 * Starts the server whose files lie under the folder `where`, or attaches to it.
 *
 * @param durable false for data that a crash may take with it, such as a test's: several times as fast.
 */
export async function startPostgres(where: string, { durable = true } = {}): Promise<PostgresServer> {
  mkdirSync(where, { recursive: true });
  const folder = realpathSync(where);
  const oneAtATime = <T>(work: () => Promise<T>) => withLock(path.join(folder, 'lock'), work);
  const users = path.join(folder, 'users');
  const registration = path.join(users, `${process.pid}.${randomBytes(4).toString('hex')}`);

  return oneAtATime(async () => {
    const user = unprivilegedUser();
    const home = placeFor(folder, user);
    const cluster = path.join(home, 'cluster');
    const loginsFile = path.join(folder, 'logins.json');
    if (!existsSync(loginsFile)) {
      // What is there all the same was made with other passwords, in a folder that has been deleted since.
      await stop(cluster);
      rmSync(cluster, { recursive: true, force: true });
      writeFileSync(loginsFile, JSON.stringify(newLogins()), { mode: 0o600 });
    }
    const logins: Logins = JSON.parse(readFileSync(loginsFile, 'utf8'));

    let port = await portOfRunning(cluster, logins);
    const started = port === undefined;
    if (port === undefined) {
      rmSync(users, { recursive: true, force: true });
      const binaries = postgresBinaries(user, path.join(home, 'programs'));
      if (!existsSync(cluster)) await createCluster(binaries, cluster, logins.postgres, user);
      port = await launch(binaries, cluster, { folder, durable, user });
    }
    // Also when it ran already: whoever started it may not have lived to do this.
    await createLogins(address('postgres', logins, port), logins);

    mkdirSync(users, { recursive: true });
    writeFileSync(registration, '');
    return {
      started,
      url: (login, database) => address(login, logins, port, database),
      release: () =>
        oneAtATime(async () => {
          rmSync(registration, { force: true });
          const others = readdirSync(users).map((name) => Number.parseInt(name, 10));
          if (!others.some(isAlive)) await stop(cluster);
        }),
    };
  });
}

/**
 * Where the server's own files go: the folder itself, or, when the server's user cannot get into it (root's home, a
 * folder of `mktemp -d`), one under /var/tmp that belongs to this folder.
 */
function placeFor(folder: string, user: SystemUser): string {
  if (canReach(user, folder)) return folder;
  const name = createHash('sha256').update(folder).digest('hex').slice(0, 16);
  const place = path.join('/var/tmp', `aftercallpro-${name}`);
  mkdirSync(place, { recursive: true, mode: 0o755 });
  // Anyone may create names in /var/tmp, so somebody else may have been there first.
  const found = lstatSync(place);
  if (!found.isDirectory() || found.uid !== process.getuid?.() || (found.mode & 0o022) !== 0) {
    throw new Error(`${place} is not a folder of this user alone: remove it and start again.`);
  }
  return place;
}

function newLogins(): Logins {
  const password = () => randomBytes(24).toString('base64url');
  return { postgres: password(), acp_owner: password(), app: password() };
}

function address(login: Login, logins: Logins, port: number, database = 'postgres'): string {
  return `postgresql://${login}:${logins[login]}@127.0.0.1:${port}/${database}`;
}

/** Makes the files of a new server. Under another name until they are whole: this may be interrupted. */
async function createCluster(binaries: Binaries, cluster: string, password: string, user: SystemUser) {
  const unfinished = `${cluster}.unfinished`;
  const passwordFile = `${cluster}.password`;
  rmSync(unfinished, { recursive: true, force: true });
  mkdirSync(unfinished, { mode: 0o700 });
  writeFileSync(passwordFile, password, { mode: 0o600 });
  for (const file of [unfinished, passwordFile]) chownSync(file, user.uid, user.gid);

  // The builtin locale gives the same order and the same upper case on every machine.
  const locale = ['--encoding=UTF8', '--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8'];
  const access = ['--username=postgres', `--pwfile=${passwordFile}`, '--auth=scram-sha-256'];
  const initdb = spawn(binaries.initdb, [`--pgdata=${unfinished}`, '--no-sync', ...locale, ...access], {
    ...asUser(user),
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const complaints: string[] = [];
  initdb.stderr.setEncoding('utf8').on('data', (text: string) => complaints.push(text));
  const code = await exitOf(initdb);
  rmSync(passwordFile);
  if (code !== 0) throw new Error(`initdb could not make a database: ${complaints.join('').trim()}`);
  renameSync(unfinished, cluster);
}

/** Starts the server in a session of its own and returns its port once it accepts connections. */
async function launch(
  binaries: Binaries,
  cluster: string,
  { folder, durable, user }: { folder: string; durable: boolean; user: SystemUser },
): Promise<number> {
  const port = await choosePort(path.join(folder, 'port'));
  const settings = {
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    max_connections: '200',
    ...(!durable && { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' }),
  };
  const logFile = path.join(folder, 'server.log');
  const log = openSync(logFile, 'w', 0o600);
  const server = spawn(
    binaries.postgres,
    [
      '-D',
      cluster,
      '-p',
      String(port),
      ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
    ],
    { ...asUser(user), stdio: ['ignore', log, log], detached: true },
  );
  closeSync(log);
  server.unref();
  let ended = false;
  void exitOf(server).then(() => {
    ended = true;
  });
  while (!ended) {
    if (postmasterOf(cluster)?.isReady) return port;
    await pause(20);
  }
  throw new Error(`PostgreSQL did not start; its last words:\n${lastLines(logFile)}`);
}

/** The port of the server that runs on these files, once it accepts connections; undefined when none does. */
async function portOfRunning(cluster: string, logins: Logins): Promise<number | undefined> {
  const patience = Date.now() + STARTING_TAKES_AT_MOST;
  for (;;) {
    const postmaster = postmasterOf(cluster);
    if (!postmaster) {
      // Left behind by a crash. Its number may be another process's by now, which would keep a new server from starting.
      rmSync(path.join(cluster, 'postmaster.pid'), { force: true });
      return undefined;
    }
    if (postmaster.isReady && (await answers(address('postgres', logins, postmaster.port)))) return postmaster.port;
    if (Date.now() > patience)
      throw new Error(`PostgreSQL (process ${postmaster.pid}) is neither up nor down: stop it.`);
    await pause(50);
  }
}

/** Ends the server on these files, if one runs: open connections are cut, what was committed is kept. */
async function stop(cluster: string) {
  const postmaster = postmasterOf(cluster);
  if (!postmaster) return;
  process.kill(postmaster.pid, 'SIGINT');
  const patience = Date.now() + STARTING_TAKES_AT_MOST;
  while (postmasterOf(cluster)) {
    if (Date.now() > patience) throw new Error(`PostgreSQL (process ${postmaster.pid}) does not stop.`);
    await pause(20);
  }
}

/** What the server wrote about itself into its folder, if the process it names is really that server. */
function postmasterOf(cluster: string): { pid: number; port: number; isReady: boolean } | undefined {
  const file = path.join(cluster, 'postmaster.pid');
  if (!existsSync(file)) return undefined;
  // Lines: process, folder, start time, port, socket folder, address, shared memory, state.
  const lines = readFileSync(file, 'utf8').split('\n');
  const pid = Number(lines[0]);
  if (!(pid > 1) || !commandOf(pid).includes(cluster)) return undefined;
  return { pid, port: Number(lines[3]), isReady: lines[7]?.trim() === 'ready' };
}

/** Gives the owner and the app their logins, with the passwords that are on file. */
async function createLogins(superuser: string, logins: Logins) {
  const client = new pg.Client({ connectionString: superuser });
  await client.connect();
  const rights = {
    acp_owner: 'LOGIN CREATEDB CREATEROLE NOSUPERUSER NOBYPASSRLS',
    app: 'LOGIN NOINHERIT NOCREATEDB NOCREATEROLE NOSUPERUSER NOBYPASSRLS',
  };
  for (const [name, right] of Object.entries(rights)) {
    const { rowCount } = await client.query('SELECT FROM pg_roles WHERE rolname = $1', [name]);
    const password = pg.escapeLiteral(logins[name as keyof typeof rights]);
    await client.query(`${rowCount ? 'ALTER' : 'CREATE'} ROLE ${name} ${right} PASSWORD ${password}`);
  }
  await client.end();
}

/** The port of last time, so that addresses written down stay true, or another if that is taken. */
async function choosePort(file: string): Promise<number> {
  const port = await freePort(existsSync(file) ? Number(readFileSync(file, 'utf8')) : 0);
  writeFileSync(file, String(port));
  return port;
}

/** Whether a server answers: one that is just dying has not yet taken its word back. */
async function answers(url: string): Promise<boolean> {
  const client = new pg.Client({ connectionString: url });
  try {
    await client.connect();
    await client.end();
    return true;
  } catch {
    return false;
  }
}

/** How a child runs as another user: in a folder that user can stand in, without our secrets in its environment. */
function asUser(user: SystemUser) {
  const { PATH, NODE_ENV } = process.env;
  return { ...(isRoot() && user), cwd: '/', env: { PATH, NODE_ENV, LC_MESSAGES: 'C', TZ: 'UTC' } };
}

function exitOf(child: ChildProcess): Promise<number> {
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => resolve(code ?? 1));
  });
}

function lastLines(file: string): string {
  return readFileSync(file, 'utf8').trim().split('\n').slice(-5).join('\n');
}
