/** A place in the list of calls, as an opaque word for an address: when a call began, and its id. Nothing personal. */

export type CallCursor = { readonly startedAt: Date; readonly id: string };

const shape = /^(\d{1,15}) ([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})$/;

export const writeCursor = ({ startedAt, id }: CallCursor): string =>
  Buffer.from(`${startedAt.getTime()} ${id}`).toString('base64url');

/** `null` for a word that is no place. */
export function readCursor(word: string): CallCursor | null {
  const [, milliseconds, id] = shape.exec(Buffer.from(word, 'base64url').toString('latin1')) ?? [];
  const startedAt = new Date(Number(milliseconds));
  return id === undefined || Number.isNaN(startedAt.getTime()) ? null : { startedAt, id };
}
