/** What stands before the application in production: takes HTTPS, and plain HTTP beside it, and says which it was. */
import { once } from 'node:events';
import { createServer as createHttpServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { makeCertificate } from './certificate';

/** Where everybody comes from who comes through it. */
export const client = '203.0.113.7';

export type TlsProxy = {
  /** Where people come in. */
  readonly https: string;
  readonly http: string;
  /** Passes everything on to this address from now on. */
  readonly leadTo: (url: string) => void;
  readonly stop: () => Promise<void>;
};

export async function startTlsProxy(): Promise<TlsProxy> {
  let target = '';
  const pass = (proto: 'http' | 'https') => (incoming: IncomingMessage, response: ServerResponse) => {
    const headers = {
      ...incoming.headers,
      'x-forwarded-for': client,
      'x-forwarded-proto': proto,
    };
    // The path as it came: made into a URL, `//evil.example` would be another host.
    const { method, url: path } = incoming;
    const outgoing = request(target, { method, path, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.rawHeaders);
      answer.pipe(response);
    });
    outgoing.on('error', () => response.destroy());
    incoming.pipe(outgoing);
  };
  const servers = [createHttpsServer(makeCertificate(), pass('https')), createHttpServer(pass('http'))];
  const ports = await Promise.all(
    servers.map(async (server) => {
      await once(server.listen(0, '127.0.0.1'), 'listening');
      return (server.address() as AddressInfo).port;
    }),
  );
  return {
    https: `https://localhost:${ports[0]}`,
    http: `http://localhost:${ports[1]}`,
    leadTo: (url) => {
      target = url;
    },
    stop: async () => {
      for (const server of servers) {
        server.closeAllConnections();
        server.close();
        await once(server, 'close');
      }
    },
  };
}
