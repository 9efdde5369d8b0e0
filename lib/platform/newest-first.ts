import { NotFound } from '@/lib/platform/errors';
import { readCursor, writeCursor } from '@/lib/rules/list-cursor';

/** Cursors of a page before (older) or after (newer) which to go on. */
export type PageAsked = { readonly before?: string | undefined; readonly after?: string | undefined };

type Sorted = { readonly createdAt: Date; readonly id: string };
type Order = 'asc' | 'desc';
type Part = {
  readonly where: object;
  readonly orderBy: [{ createdAt: Order }, { id: Order }];
  readonly take: number;
};

const pageSize = 50;

/**
 * A page of a list that is sorted by when its rows were made, newest first, with the places from which the pages beside it
 * begin.
 *
 * @param find rows of one part of the list; `where` is to be joined with what is looked for.
 * @throws NotFound for a place that is none.
 */
export async function newestFirst<Row extends Sorted>(
  { before, after }: PageAsked,
  find: (part: Part) => Promise<Row[]>,
): Promise<{ readonly rows: readonly Row[]; readonly newer: string | null; readonly older: string | null }> {
  const word = before ?? after;
  const place = word === undefined ? null : readCursor(word);
  if (word !== undefined && place === null) throw new NotFound();
  const isForward = before === undefined && place !== null;
  const order = isForward ? 'asc' : 'desc';
  const beyond = isForward ? 'gt' : 'lt';
  const where = place
    ? { OR: [{ createdAt: { [beyond]: place.at } }, { createdAt: place.at, id: { [beyond]: place.id } }] }
    : {};
  // One more than is shown tells whether there is a page after this.
  const found = await find({ where, orderBy: [{ createdAt: order }, { id: order }], take: pageSize + 1 });
  if (found.length === 0 && place !== null) return newestFirst({}, find);
  const more = found.length > pageSize;
  const page = found.slice(0, pageSize);
  const rows = isForward ? page.toReversed() : page;
  const at = ({ createdAt, id }: Sorted) => writeCursor({ at: createdAt, id });
  const [first, last] = [rows.at(0), rows.at(-1)];
  return {
    rows,
    newer: first && (isForward ? more : place !== null) ? at(first) : null,
    older: last && (isForward || more) ? at(last) : null,
  };
}
