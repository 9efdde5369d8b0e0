import type { IncomingMessage } from 'node:http';

/**
 * Writes into a request's headers where it came from, for `lib/doors/origin.ts`, which reads `X-Forwarded-For` from its
 * end: the address that the connection really has stands behind what trusted proxies wrote, and, where none is
 * trusted, in place of whatever the client wrote.
 *
 * @param trustedProxyHops how many proxies of our own stand before us.
 */
export function writeWhereFrom({ headers, socket }: IncomingMessage, trustedProxyHops: number): void {
  // An IPv4 client on a socket that serves both families looks like this.
  const address = (socket.remoteAddress ?? '').replace(/^::ffff:/, '');
  if (trustedProxyHops > 0) {
    headers['x-forwarded-for'] = [headers['x-forwarded-for'], address].filter(Boolean).join(', ');
    return;
  }
  for (const name of ['forwarded', 'x-forwarded-host', 'x-forwarded-port', 'x-forwarded-proto', 'x-real-ip']) {
    delete headers[name];
  }
  headers['x-forwarded-for'] = address;
}
