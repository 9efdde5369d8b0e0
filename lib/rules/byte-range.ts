/** The part of a file that a browser asks for, as a player does when somebody skips ahead (RFC 9110, section 14). */

/** First and last byte, both included, counted from 0. */
export type ByteRange = { readonly from: number; readonly to: number };

/**
 * Reads a `Range` header for a file of `size` bytes.
 *
 * @returns `null` where the whole file is to be sent: no range, one we do not understand, or several. 'unsatisfiable'
 * where the file has no such bytes.
 */
export function byteRange(header: string | null, size: number): ByteRange | 'unsatisfiable' | null {
  const [, first = '', last = ''] = /^bytes=(\d{0,15})-(\d{0,15})$/i.exec(header?.trim() ?? '') ?? [];
  if (first === '' && last === '') return null;
  if (first === '') {
    const length = Math.min(Number(last), size);
    return length === 0 ? 'unsatisfiable' : { from: size - length, to: size - 1 };
  }
  const from = Number(first);
  if (last !== '' && Number(last) < from) return null;
  if (from >= size) return 'unsatisfiable';
  return { from, to: last === '' ? size - 1 : Math.min(Number(last), size - 1) };
}
