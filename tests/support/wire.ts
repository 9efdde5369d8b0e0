/** A wire to PostgreSQL that a test can cut, block or slow down, and that remembers what was asked over it. */
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { connect, createServer, type Socket } from 'node:net';

export type Wire = {
  /** The same database, over this wire. */
  over(address: string): string;
  /** Every statement in the order in which it came, with the connection it came on. */
  readonly asked: readonly { readonly connection: number; readonly sql: string }[];
  /** Connections that were refused because it was cut. */
  readonly turnedAway: number;
  /** As when the server stops: open connections end, new ones are turned away. */
  cut(): void;
  /** Nothing gets through any more, and nobody is told; with `from`, on a connection that asks for such a thing, from then on. */
  block(from?: RegExp): void;
  /** Every statement takes so many milliseconds longer. */
  slow(milliseconds: number): void;
  /** Everything goes through again; what was held up goes first. */
  mend(): void;
  /** New connections go through again; on those that were held up nothing ever will. */
  mendForNewOnes(): void;
  close(): Promise<void>;
};

export async function layWire(address: string): Promise<Wire> {
  const { hostname, port } = new URL(address);
  const asked: { connection: number; sql: string }[] = [];
  const lines = new Set<Line>();
  let isCut = false;
  let isBlocked = false;
  let blocksFrom: RegExp | null = null;
  let delay = 0;
  let connections = 0;
  let turnedAway = 0;

  const server = createServer((client) => {
    if (isCut) {
      turnedAway += 1;
      client.destroy();
      return;
    }
    const connection = connections++;
    const line = joinedLine(client, connect(Number(port), hostname), (sql) => {
      asked.push({ connection, sql });
      if (blocksFrom?.test(sql)) line.block();
      return delay;
    });
    if (isBlocked) line.block();
    lines.add(line);
    client.once('close', () => lines.delete(line));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const here = (server.address() as AddressInfo).port;

  const pass = () => {
    isCut = false;
    isBlocked = false;
    blocksFrom = null;
    delay = 0;
  };
  const endAll = () => {
    for (const line of lines) line.end();
  };
  return {
    asked,
    get turnedAway() {
      return turnedAway;
    },
    over: (other) => Object.assign(new URL(other), { hostname: '127.0.0.1', port: String(here) }).href,
    cut: () => {
      isCut = true;
      endAll();
    },
    block: (from) => {
      if (from) blocksFrom = from;
      else {
        isBlocked = true;
        for (const line of lines) line.block();
      }
    },
    slow: (milliseconds) => {
      delay = milliseconds;
    },
    mend: () => {
      pass();
      for (const line of lines) line.unblock();
    },
    mendForNewOnes: pass,
    close: async () => {
      endAll();
      server.close();
      await once(server, 'close');
    },
  };
}

type Line = { readonly block: () => void; readonly unblock: () => void; readonly end: () => void };

function joinedLine(client: Socket, server: Socket, onStatement: (sql: string) => number): Line {
  let open: Promise<void> = Promise.resolve();
  let unblock = () => {};
  const block = () => {
    open = new Promise((resolve) => {
      unblock = resolve;
    });
  };
  const towards = (socket: Socket) => {
    let last: Promise<void> = Promise.resolve();
    return (bytes: Buffer, wait = 0) => {
      last = last.then(async () => {
        await open;
        if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait));
        if (!socket.destroyed) socket.write(bytes);
      });
    };
  };
  const toServer = towards(server);
  const toClient = towards(client);
  const read = messagesOf((message, sql) => toServer(message, sql === null ? 0 : onStatement(sql)));
  client.on('data', read);
  server.on('data', (bytes) => toClient(bytes));
  const end = () => {
    client.destroy();
    server.destroy();
  };
  // Each message goes at once: held back for the one before to be acknowledged, every statement would take 40 ms.
  for (const socket of [client, server]) socket.setNoDelay(true);
  // Whoever is blocked does not even learn that the other end has gone.
  for (const socket of [client, server]) socket.on('error', () => {}).on('close', () => void open.then(end));
  return { block, unblock: () => unblock(), end };
}

/**
 * Splits what a client sends into messages (PostgreSQL's protocol 3: one byte of type, four of length, except for the
 * first message, which has no type) and names the statement of those that start one: a simple query, or the binding of
 * a prepared statement.
 */
function messagesOf(onMessage: (message: Buffer, sql: string | null) => void) {
  const prepared = new Map<string, string>();
  let rest = Buffer.alloc(0);
  let head = 0;
  return (bytes: Buffer) => {
    rest = Buffer.concat([rest, bytes]);
    while (rest.length >= head + 4) {
      const length = head + rest.readUInt32BE(head);
      if (rest.length < length) return;
      const message = rest.subarray(0, length);
      rest = rest.subarray(length);
      onMessage(message, head === 0 ? null : statementOf(message, prepared));
      head = 1;
    }
  };
}

function statementOf(message: Buffer, prepared: Map<string, string>): string | null {
  const [first = '', second = ''] = message.toString('utf8', 5).split('\0', 2);
  switch (String.fromCharCode(message[0] ?? 0)) {
    case 'Q':
      return first;
    case 'P':
      prepared.set(first, second);
      return null;
    case 'B':
      return prepared.get(second) ?? '';
    default:
      return null;
  }
}
