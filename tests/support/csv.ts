/** Reads CSV as RFC 4180 says, every cell as it stands in the file. */
export function readCsv(text: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  const cell = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n|$)/gy;
  while (cell.lastIndex < text.length) {
    const found = cell.exec(text);
    if (!found) throw new Error('this is no CSV');
    const [, quoted, plain = '', end] = found;
    row.push(quoted === undefined ? plain : quoted.replaceAll('""', '"'));
    if (end === ',') continue;
    rows.push(row);
    row = [];
  }
  return rows;
}

/** The value of a cell that our own files hold: one apostrophe in front is a guard. */
export const unguarded = (cell: string) => (cell.startsWith("'") ? cell.slice(1) : cell);
