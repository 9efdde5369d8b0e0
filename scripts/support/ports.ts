/** Ports of this machine. */
import { createServer } from 'node:net';

/**
 * The port to serve at: `PORT`, else 3000.
 *
 * @throws when it is no port, or when something else answers there already, on either family of addresses.
 */
export async function portToServeAt(): Promise<number> {
  const port = Number(process.env.PORT || 3000);
  if (!Number.isInteger(port) || port < 1 || port > 65_535) throw new Error('PORT must be a number from 1 to 65535.');
  for (const host of ['127.0.0.1', '::1']) {
    if ((await listens(port, host)) === 'EADDRINUSE') {
      throw new Error(`Port ${port} is in use. Stop what uses it, or choose another one: PORT=${port + 1}`);
    }
  }
  return port;
}

/** `wanted` if it is free, otherwise one that is. */
export async function freePort(wanted = 0): Promise<number> {
  const port = await listens(wanted, '127.0.0.1');
  if (typeof port === 'number') return port;
  const other = await listens(0, '127.0.0.1');
  if (typeof other === 'number') return other;
  throw new Error('No port is free on 127.0.0.1.');
}

/** The port that could be listened at for a moment, or why it could not. */
function listens(port: number, host: string): Promise<number | string> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.name));
    probe.listen(port, host, () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === 'object' && address ? address.port : 'no address'));
    });
  });
}
