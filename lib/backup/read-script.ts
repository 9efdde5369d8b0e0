/** Takes a backup's script apart, as it comes: the reverse of write-script.ts. */
import { COMPLETE, PART, ROWS_ARE_IN } from './write-script';

/** What is in the file is no whole script of ours. */
export class BrokenScript extends Error {
  override name = 'BrokenScript';
}

export type Part =
  | { readonly kind: 'sql'; readonly sql: string }
  /** The rows of a table: what `COPY` takes, to be read to its end before the next part. */
  | { readonly kind: 'rows'; readonly table: string; readonly copy: string; readonly rows: AsyncIterable<Buffer> }
  /** All rows are in. */
  | { readonly kind: 'rows are in' };

const copyLine = /^COPY public\.("?)(\w+)\1 \(.+\) FROM stdin;$/;
/** Longer than any migration: what has no end is not ours. */
const LONGEST_PART = 16 * 1024 * 1024;

/** @throws BrokenScript, before its end, where the script is not whole. */
export async function* readScript(pieces: AsyncIterable<Buffer>): AsyncGenerator<Part> {
  const source = pieces[Symbol.asyncIterator]();
  let text: Buffer = Buffer.alloc(0);
  /** Reads on; false at the end. */
  const more = async () => {
    const { done, value } = await source.next();
    if (done) return false;
    text = text.length > 0 ? Buffer.concat([text, value]) : value;
    return true;
  };
  const line = async (): Promise<string | null> => {
    let to = text.indexOf('\n');
    while (to === -1) {
      if (text.length > LONGEST_PART) throw new BrokenScript('a line without an end');
      if (!(await more())) {
        if (text.length > 0) throw new BrokenScript('the last line is cut off');
        return null;
      }
      to = text.indexOf('\n');
    }
    const found = text.toString('utf8', 0, to);
    text = text.subarray(to + 1);
    return found;
  };
  /** Rows as they lie, up to the line that ends them; never less than whole lines. */
  async function* rows(): AsyncGenerator<Buffer> {
    for (;;) {
      const isEnd = text.toString('latin1', 0, 3) === '\\.\n';
      const end = isEnd ? 0 : text.indexOf('\n\\.\n') + 1;
      if (isEnd || end > 0) {
        if (end > 0) yield text.subarray(0, end);
        text = text.subarray(end + 3);
        return;
      }
      const whole = text.lastIndexOf('\n') + 1;
      if (whole > 0) {
        yield text.subarray(0, whole);
        text = text.subarray(whole);
      }
      if (!(await more())) throw new BrokenScript('the rows of a table are cut off');
    }
  }

  let sql = '';
  try {
    for (let next = await line(); next !== null; next = await line()) {
      const copied = sql === '' ? copyLine.exec(next) : null;
      if (copied) {
        yield { kind: 'rows', table: copied[2] ?? '', copy: next.slice(0, -1), rows: rows() };
      } else if (next === PART || next === ROWS_ARE_IN || next === COMPLETE) {
        if (sql.trim() !== '') yield { kind: 'sql', sql };
        sql = '';
        if (next === ROWS_ARE_IN) yield { kind: 'rows are in' };
        if (next === COMPLETE) {
          if ((await line()) !== null) throw new BrokenScript('something follows the last line');
          return;
        }
      } else if (!next.startsWith('\\')) {
        sql += `${next}\n`; // the others are for psql
        if (sql.length > LONGEST_PART) throw new BrokenScript('a part without an end');
      }
    }
    throw new BrokenScript('the last line is missing');
  } finally {
    await source.return?.();
  }
}
