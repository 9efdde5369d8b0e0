import { hash } from 'node:crypto';

/** What is in a table: how many rows, and a hash of all of them that does not depend on their order. */
export type TableContent = { readonly rows: number; readonly hash: string };

const NEWLINE = 0x0a;

/**
 * Takes what `COPY … TO STDOUT` writes of a table, in pieces cut anywhere, a row a line. The hash is the sum, in eight
 * lanes of 32 bits, of the SHA-256 of each row: a table that was loaded again lies in another order, and sorting it
 * would cost more than reading it. It finds mistakes; forgeries are for the manifest's code to find.
 */
export function tableContent(): { add(piece: Buffer): void; end(): TableContent } {
  const lanes = new Uint32Array(8);
  const digest = Buffer.alloc(32);
  let rows = 0;
  let rest: Buffer | null = null;
  const addRow = (row: Buffer) => {
    digest.write(hash('sha256', row, 'binary'), 'binary'); // a Buffer for each row would cost more than its hash
    for (let lane = 0; lane < 8; lane += 1) lanes[lane] = (lanes[lane] ?? 0) + digest.readUInt32LE(4 * lane);
    rows += 1;
  };
  return {
    add(piece) {
      const text: Buffer = rest ? Buffer.concat([rest, piece]) : piece;
      let from = 0;
      for (let to = text.indexOf(NEWLINE); to !== -1; to = text.indexOf(NEWLINE, from)) {
        addRow(text.subarray(from, to));
        from = to + 1;
      }
      rest = from < text.length ? text.subarray(from) : null;
    },
    end() {
      if (rest) throw new Error('a row was cut off');
      const sum = Buffer.alloc(32);
      for (const [lane, value] of lanes.entries()) sum.writeUInt32LE(value, 4 * lane);
      return { rows, hash: sum.toString('hex') };
    },
  };
}
