/** Stands before a real server and spoils what a test wants spoiled. */
import { createServer, type IncomingMessage, request as send } from 'node:http';
import type { AddressInfo } from 'node:net';
import { pipeline } from 'node:stream/promises';

/**
 * What happens to a request: it passes, gets no answer ever, is told that the server is busy (503), or gets the first
 * bytes of its answer, and then the connection is cut.
 */
export type Fate = 'passes' | 'silence' | 'busy' | { readonly cutAfter: number };

export type BadProxy = {
  readonly endpoint: string;
  /** Every request that came, in order. */
  readonly requests: readonly Pick<IncomingMessage, 'method' | 'url' | 'headers'>[];
  /** Decides from here on what happens to each request. */
  decide(fate: (request: IncomingMessage) => Fate): void;
  stop(): Promise<void>;
};

export async function startBadProxy(to: string): Promise<BadProxy> {
  const { hostname, port } = new URL(to);
  const requests: IncomingMessage[] = [];
  let decide: (request: IncomingMessage) => Fate = () => 'passes';
  const server = createServer((request, response) => {
    requests.push(request);
    const fate = decide(request);
    if (fate === 'silence') return void request.resume();
    if (fate === 'busy') return void request.resume().on('end', () => response.writeHead(503).end());
    const { method, url, headers } = request; // `Host` too: it is signed
    const onward = send({ hostname, port, method, path: url, headers }, async (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      if (fate === 'passes') return pipeline(answer, response).catch(() => undefined);
      let left = fate.cutAfter;
      for await (const chunk of answer as AsyncIterable<Buffer>) {
        await new Promise<void>((resolve) => response.write(chunk.subarray(0, left), () => resolve()));
        left -= chunk.length;
        if (left <= 0) break;
      }
      response.destroy();
    });
    onward.on('error', () => response.destroy());
    pipeline(request, onward).catch(() => undefined);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    decide: (fate) => {
      decide = fate;
    },
    stop: () => {
      server.closeAllConnections();
      return new Promise((resolve) => void server.close(() => resolve()));
    },
  };
}
