/** Serves the documents of public/ that are to be hosted elsewhere, as anything that serves files would. */
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export type FallbackHost = {
  /** What a number is told to turn to when the application gives it nothing to go on. */
  readonly url: string;
  stop(): Promise<void>;
};

export async function hostFallback(): Promise<FallbackHost> {
  const documents = new Map(
    ['/fallback.xml', '/fallback-goodbye.xml'].map((name) => [name, readFileSync(`public${name}`)]),
  );
  const server = createServer((request, response) => {
    const document = documents.get(new URL(request.url ?? '/', 'http://here').pathname);
    if (!document) return void response.writeHead(404).end();
    response.writeHead(200, { 'Content-Type': 'text/xml' }).end(document);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/fallback.xml`,
    stop: () => {
      server.closeAllConnections();
      return new Promise((resolve) => void server.close(() => resolve()));
    },
  };
}
