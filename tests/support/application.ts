/**
 * The production build, running: in front of a test's own database, beside a phone network of its own, at addresses that
 * nobody else uses. What it says goes where the test can read it.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { encode } from 'next-auth/jwt';
import { sessionCookieName, sessionLifetime } from '@/lib/rules/session';
import { type Simulator, startSimulator } from '@/simulator/simulator';

export type Application = {
  /** Its process, to look at. */
  readonly pid: number;
  readonly url: string;
  /** Where it keeps its files: `.data/storage` and `.data/outbox` lie below. */
  readonly workspace: string;
  /** Places calls to it, with signed requests, as Twilio would. */
  readonly network: Simulator;
  /** Everything it has logged so far. */
  readonly logged: () => string;
  /** The headers of somebody who holds this session. */
  readonly as: (sessionId: string | null) => Promise<Record<string, string>>;
  /** Ends it at once (SIGKILL), and starts another at the same address, with the same files; resolves when that answers. */
  readonly killAndRestart: () => Promise<void>;
  readonly stop: () => Promise<void>;
};

/**
 * Starts the build that lies in `folder` (the checkout's own, where none is named) with this process's environment
 * (tests/support/environment.ts) and `more` on top of it. `DATABASE_URL` must be set: call `testDatabase()` first. Numbers
 * of its network turn to `voiceFallback` when it gives them nothing to go on; to itself, where none is named.
 */
export async function startApplication(
  more: Readonly<Record<string, string>> = {},
  { folder = process.cwd(), voiceFallback = '' } = {},
): Promise<Application> {
  if (!existsSync(path.join(folder, '.next/BUILD_ID'))) throw new Error('There is no build to test: npm run build');
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const { TWILIO_ACCOUNT_SID: sid = '', TWILIO_AUTH_TOKEN: authToken = '' } = process.env;
  const network = await startSimulator({
    appUrl: url,
    account: { sid, authToken },
    port: 0,
    ...(voiceFallback && { voiceFallback }),
  });
  const workspace = mkdtempSync(path.join(tmpdir(), 'aftercallpro-test-'));
  let output = '';
  const launch = async () => {
    const started = spawn(process.execPath, [path.join(folder, 'scripts/start.mjs')], {
      cwd: workspace,
      env: { ...process.env, APP_URL: url, PORT: String(port), TWILIO_API_BASE_URL: network.url, ...more },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    for (const stream of [started.stdout, started.stderr]) stream.on('data', (chunk) => (output += String(chunk)));
    await untilAnswering(url, started, () => output);
    return started;
  };
  let child = await launch();
  return {
    get pid() {
      return child.pid ?? 0;
    },
    url,
    workspace,
    network,
    logged: () => output,
    as: async (sessionId) => {
      if (sessionId === null) return {} as Record<string, string>;
      const secret = process.env.SECRET_KEY ?? '';
      const token = await encode({ token: { sid: sessionId }, secret, maxAge: sessionLifetime });
      return { cookie: `${sessionCookieName(url)}=${token}` };
    },
    killAndRestart: async () => {
      child.kill('SIGKILL');
      await once(child, 'exit');
      child = await launch();
    },
    stop: async () => {
      await network.close();
      if (child.exitCode === null && child.signalCode === null) {
        child.kill('SIGTERM');
        await once(child, 'exit');
      }
      rmSync(workspace, { recursive: true, force: true });
    },
  };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}

async function untilAnswering(url: string, child: ChildProcess, output: () => string): Promise<void> {
  while (child.exitCode === null) {
    const answer = await fetch(`${url}/api/health`, { signal: AbortSignal.timeout(5_000) }).catch(() => null);
    if (answer) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`The application did not start:\n${output()}`);
}
