/** Requests that fetch would not send: another Host, a body that never says how long it is, and what is no request at all. */
import { once } from 'node:events';
import { type IncomingMessage, type OutgoingHttpHeaders, request } from 'node:http';
import { connect } from 'node:net';

export type Answer = {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  /** Names as often as they stand there. */
  readonly names: readonly string[];
  readonly text: string;
};

type Question = {
  readonly method?: string;
  readonly headers?: OutgoingHttpHeaders;
  /** A string or bytes are sent with their length; a list is sent piece by piece, without. */
  readonly body?: string | Buffer | readonly Buffer[];
};

/** Sends it as it stands, follows nothing, and reads the answer to its end. */
export async function ask(url: string, { method = 'GET', headers = {}, body }: Question = {}): Promise<Answer> {
  const { origin } = new URL(url);
  // The path as it was written: URL would tidy it up.
  const path = url.slice(origin.length) || '/';
  const outgoing = request(origin, { method, path, headers, agent: false });
  const answered = once(outgoing, 'response') as Promise<[IncomingMessage]>;
  outgoing.on('error', () => undefined); // an answer may come before everything was sent
  if (Array.isArray(body)) {
    for (const piece of body) outgoing.write(piece);
    outgoing.end();
  } else {
    const bytes = Buffer.from((body as string | Buffer | undefined) ?? '');
    if (bytes.length > 0) outgoing.setHeader('content-length', bytes.length);
    outgoing.end(bytes);
  }
  const [response] = await answered;
  let text = '';
  for await (const chunk of response.setEncoding('utf8')) text += chunk;
  const names = response.rawHeaders.filter((_, index) => index % 2 === 0).map((name) => name.toLowerCase());
  return { status: response.statusCode ?? 0, headers: response.headers, names, text };
}

/** Sends bytes, whatever they are, and returns what comes back until the other side closes. */
export async function say(url: string, bytes: string): Promise<string> {
  const { hostname, port } = new URL(url);
  const socket = connect({ host: hostname, port: Number(port) });
  socket.on('error', () => undefined);
  socket.write(bytes);
  let text = '';
  for await (const chunk of socket.setEncoding('utf8')) text += chunk;
  return text;
}

/** A form as a browser sends it: type and bytes. */
export async function multipart(fields: readonly (readonly [name: string, value: string])[]) {
  const form = new FormData();
  for (const [name, value] of fields) form.append(name, value);
  const encoded = new Response(form);
  return {
    headers: { 'content-type': encoded.headers.get('content-type') ?? '' },
    body: Buffer.from(await encoded.arrayBuffer()),
  };
}

/** The fields of a form as Next's own client sends them to an action: behind them, its last answer, which is none. */
export const toAction = (fields: Readonly<Record<string, string>>) =>
  multipart([...Object.entries(fields).map(([name, value]) => [`_1_${name}`, value] as const), ['0', '[null,"$K1"]']]);
