/**
 * Serves the production build: `npm start`.
 *
 * Not `next start`, which believes whatever a client writes about where it comes from.
 */
import { createServer } from 'node:http';
import { fileURLToPath } from 'node:url';
import next from 'next';
import { tsImport } from 'tsx/esm/api';
import nextConfig from '../next.config.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));

// The login that owns the tables is for migrations. This process could not use it even by mistake.
delete process.env.DIRECT_URL;
// Nor does it read its own backups.
delete process.env.BACKUP_AGE_IDENTITY;
process.env.NODE_ENV = 'production';

const { gate } = await tsImport('./support/gate.ts', import.meta.url);
const { APP_URL, PORT, TRUSTED_PROXY_HOPS } = await readEnv();
// What nobody else is to reach is not offered to them: a demo listens on this machine alone.
const host = ['127.0.0.1', 'localhost', '[::1]'].includes(new URL(APP_URL).hostname) ? '127.0.0.1' : undefined;

// Where Next reaches itself, for the page that a form leads to: not by the name that a request says.
process.env.__NEXT_PRIVATE_ORIGIN = `http://127.0.0.1:${PORT}`;
process.setSourceMapsEnabled(false); // tsx has turned them on; lib/platform/where-thrown.ts reads those that are wanted
const app = next({ dir: root, dev: false, hostname: host, port: PORT });
await app.prepare();
const handle = app.getRequestHandler();

const [{ headers }] = await nextConfig.headers();
const { admit, turnAway } = gate({ appUrl: APP_URL, trustedProxyHops: TRUSTED_PROXY_HOPS, headers });
const server = createServer((request, response) => {
  if (admit(request, response)) void handle(request, response);
});
server.on('clientError', turnAway);
// Nothing here speaks WebSocket; Next would look for somebody to pass it on to.
server.on('upgrade', (_request, socket) => turnAway(new Error('no upgrade'), socket));
server.once('error', (error) => {
  refuse(error.code === 'EADDRINUSE' ? `Port ${PORT} is in use: stop what uses it, or set PORT.` : error.message);
});
server.listen(PORT, host, () => process.stdout.write(`AfterCallPro answers at ${APP_URL}\n`));
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, stop);

async function readEnv() {
  const { env } = await tsImport('../lib/platform/env.ts', import.meta.url);
  try {
    return env();
  } catch (error) {
    return refuse(error.message);
  }
}

function refuse(message) {
  process.stderr.write(`${message}\n`);
  process.exit(1);
}

/** Takes no new requests, lets those under way end, and goes. */
function stop() {
  server.close(async () => {
    await app.close();
    process.exit(0);
  });
  server.closeIdleConnections();
  setTimeout(() => server.closeAllConnections(), 10_000).unref();
}
