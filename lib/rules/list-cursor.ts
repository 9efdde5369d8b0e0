/** A place in a list that is sorted by time and id, as an opaque word for an address. Nothing personal. */

export type ListCursor = { readonly at: Date; readonly id: string };

const shape = /^(\d{1,15}) ([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})$/;

export const writeCursor = ({ at, id }: ListCursor): string =>
  Buffer.from(`${at.getTime()} ${id}`).toString('base64url');

/** `null` for a word that is no place. */
export function readCursor(word: string): ListCursor | null {
  const [, milliseconds, id] = shape.exec(Buffer.from(word, 'base64url').toString('latin1')) ?? [];
  const at = new Date(Number(milliseconds));
  return id === undefined || Number.isNaN(at.getTime()) ? null : { at, id };
}
