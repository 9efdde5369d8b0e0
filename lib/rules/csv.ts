/** Lines of CSV (RFC 4180) that no spreadsheet takes for formulas. */

/**
 * What a spreadsheet may read as a formula: `=`, `+`, `-` and `@`, also full-width or behind blanks and controls that it
 * drops, and a leading tab or line break, which split a cell. A leading apostrophe is ours, so one that was there already
 * is guarded too: whoever reads the file takes one leading apostrophe off and has the value.
 */
const dangerous = /^(?:['\t\r\n]|[\s\p{Cc}\p{Cf}]*[=+\-@\uFF1D\uFF0B\uFF0D\uFF20])/u;

/** One line, its end included. Every cell is quoted, so that no value can end its cell. */
export function csvLine(cells: readonly string[]): string {
  return `${cells.map((cell) => `"${guarded(cell).replaceAll('"', '""')}"`).join(',')}\r\n`;
}

const guarded = (cell: string) => (dangerous.test(cell) ? `'${cell}` : cell);
