/** A real Redis of a test's own, from Debian's `redis-server`, and Upstash's REST protocol in front of it. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type IncomingMessage } from 'node:http';
import { type AddressInfo, createServer as createTcpServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createApp } from '@humanwhocodes/upstash-redis-server';
import { Redis } from 'ioredis';
import { hasRedisServer } from '@/scripts/support/redis-server';

export const hasRedis = hasRedisServer();

export type RedisServer = {
  readonly url: string;
  /** Sees every key: for a test to look, never the code under test. */
  readonly client: Redis;
  /** It keeps its connections and answers nothing, until it is woken. */
  readonly hang: () => void;
  readonly wake: () => void;
  readonly stop: () => Promise<void>;
};

/** Starts one on a free port of this machine, with nothing in it and nothing kept. */
export async function startRedis(): Promise<RedisServer> {
  const folder = mkdtempSync(path.join(tmpdir(), 'aftercallpro-redis-'));
  const port = await freePort();
  const settings = ['--port', String(port), '--bind', '127.0.0.1', '--dir', folder, '--save', '', '--appendonly', 'no'];
  const child: ChildProcess = spawn('redis-server', settings, { stdio: 'ignore' });
  const url = `redis://127.0.0.1:${port}`;
  const client = new Redis(url, { retryStrategy: () => 50, maxRetriesPerRequest: null });
  client.on('error', () => undefined); // until it listens, and once it is gone
  await client.ping();
  return {
    url,
    client,
    hang: () => void child.kill('SIGSTOP'),
    wake: () => void child.kill('SIGCONT'),
    stop: async () => {
      client.disconnect();
      if (child.exitCode === null && child.signalCode === null) {
        child.kill('SIGKILL'); // a stopped process hears nothing else
        await once(child, 'exit');
      }
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

export type UpstashServer = {
  readonly url: string;
  readonly token: string;
  /** Before the Redis behind it stops. */
  readonly stop: () => Promise<void>;
};

/** Upstash's REST interface, served on this machine, in front of `redisUrl`. */
export async function startUpstash(redisUrl: string): Promise<UpstashServer> {
  const token = 'a-token-that-everybody-knows';
  const app = createApp({ token, redisUrl });
  const ask = (path: string, authorization: string, body: string) =>
    app.fetch(new Request(`http://here${path}`, { method: 'POST', headers: { authorization }, body }));
  const server = createServer(async (request, response) => {
    const body = withoutFlag(await bodyOf(request));
    const answer = await ask(request.url ?? '', request.headers.authorization ?? '', body);
    response.writeHead(answer.status, { 'content-type': 'application/json' }).end(await answer.text());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    token,
    stop: async () => {
      await ask('/', `Bearer ${token}`, '["quit"]'); // its own connection, which it would open again for ever
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Upstash's scripts begin with a flag that is its own; a stock Redis refuses them for it. */
const withoutFlag = (body: string) => body.replaceAll('#!lua flags=allow-key-locking\\n', '');

async function bodyOf(request: IncomingMessage): Promise<string> {
  let body = '';
  for await (const chunk of request.setEncoding('utf8')) body += chunk;
  return body;
}

/** Takes connections and never says a word. */
export async function startSilence(): Promise<{ readonly port: number; readonly stop: () => Promise<void> }> {
  const sockets = new Set<{ destroy(): void }>();
  const server = createTcpServer((socket) => void sockets.add(socket.on('error', () => undefined)));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    stop: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** A port that nobody listens at. */
export async function freePort(): Promise<number> {
  const { port, stop } = await startSilence();
  await stop();
  return port;
}
