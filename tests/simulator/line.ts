import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach } from 'vitest';
import { type Simulator, startSimulator } from '@/simulator/simulator';

export const ACCOUNT = { sid: `AC${'a'.repeat(32)}`, authToken: 'a-token-of-the-tests' };
export const CLINIC = '+12025550100';
export const CALLER = '+12025550123';

export type Received = {
  readonly method: string;
  readonly path: string;
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly parameters: Readonly<Record<string, string>>;
};

/** What the product answers at a path: TwiML between `<Response>` tags, or any answer at all. */
export type Reply =
  | string
  | {
      /** HTTP, or a connection that ends without an answer. */
      readonly status?: number | 'broken';
      readonly type?: string | null;
      readonly location?: string;
      readonly body: string;
    };
export type Replies = Readonly<Record<string, Reply | ((received: Received) => Reply)>>;

export const voice = '/api/twilio/voice';

const running: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const one of running.splice(0)) await one.close();
});

/** A product that gives fixed answers and remembers what it was asked, and a phone network that calls it. */
export async function startLine(
  replies: Replies,
): Promise<{ simulator: Simulator; received: Received[]; appUrl: string }> {
  const received: Received[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (chunk: string) => {
      body += chunk;
    });
    request.on('end', () => {
      const url = new URL(request.url ?? '/', appUrl);
      const parameters = Object.fromEntries(request.method === 'GET' ? url.searchParams : new URLSearchParams(body));
      const one = {
        method: request.method ?? '',
        path: url.pathname,
        url: url.href,
        headers: request.headers,
        parameters,
      };
      received.push(one);
      const reply = replies[url.pathname] ?? '';
      const {
        status = 200,
        type = 'text/xml',
        location,
        body: text,
      } = asAnswer(typeof reply === 'function' ? reply(one) : reply);
      if (status === 'broken') response.destroy();
      else {
        const headers = { ...(type !== null && { 'Content-Type': type }), ...(location && { Location: location }) };
        response.writeHead(status, headers).end(text);
      }
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const appUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const simulator = await startSimulator({ appUrl, account: ACCOUNT, port: 0, seed: 'tests' });
  running.push(simulator, {
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  });
  return { simulator, received, appUrl };
}

function asAnswer(reply: Reply): Exclude<Reply, string> {
  return typeof reply === 'string' ? { body: `<?xml version="1.0"?><Response>${reply}</Response>` } : reply;
}
