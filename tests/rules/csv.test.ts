import fc from 'fast-check';
import { expect, test } from 'vitest';
import { csvLine } from '@/lib/rules/csv';
import { readCsv, unguarded } from '@/tests/support/csv';

test('V1.2.10 no cell begins as a formula, whatever it holds, also behind blanks, controls and in full width', () => {
  const formulas = ['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1', '\n=1', ' =1', '\u00a0=1', '\ufeff=1', '\u200b=1'];
  for (const value of [...formulas, '＝1+1', '＋1', '－1', '＠SUM', '\u3000＝1', "'=1"]) {
    const [[cell = ''] = []] = readCsv(csvLine([value]));
    expect([value, cell.startsWith("'")]).toEqual([value, true]);
  }
});

test('what a cell held is what is read, once its guard is taken off', () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: 'binary' }), { minLength: 1 }), (cells) => {
      const [row, ...more] = readCsv(csvLine(cells));
      expect(row?.map(unguarded)).toEqual(cells);
      expect(more).toEqual([]);
    }),
  );
  const tricky = ['"', '""', ',', '\r\n', `",=HYPERLINK("http://x")`, "'", "''", 'plain', ''];
  expect(readCsv(csvLine(tricky) + csvLine(tricky)).map((row) => row.map(unguarded))).toEqual([tricky, tricky]);
});

test('an ordinary value stands as it is', () => {
  expect(csvLine(['call.read', 'Ana Müller', '2026-03-02'])).toBe('"call.read","Ana Müller","2026-03-02"\r\n');
});
