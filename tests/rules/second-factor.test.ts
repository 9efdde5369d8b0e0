import { describe, expect, test } from 'vitest';
import { inGroups, readTypedCode } from '@/lib/rules/second-factor';

describe('a code of the app', () => {
  test.each(['123456', ' 123 456 ', '123-456', '１２３４５６'])('is read from %s', (typed) => {
    expect(readTypedCode(typed)).toEqual({ kind: 'app', code: '123456' });
  });
});

describe('a recovery code', () => {
  test.each(['7K2M-9QXA-B3CD-E5FG', '7k2m9qxab3cde5fg', ' 7K2M 9QXA b3cd e5fg '])('is read from %s', (typed) => {
    expect(readTypedCode(typed)).toEqual({ kind: 'recovery', code: '7K2M9QXAB3CDE5FG' });
  });

  test('is read with the letters that are taken for digits', () => {
    expect(readTypedCode('oOiI-lLAA-AAAA-AAAA')).toEqual({ kind: 'recovery', code: '001111AAAAAAAAAA' });
  });
});

test.each(['', '12345', '1234567', 'abcdef', '7K2M-9QXA-B3CD-E5F', '7K2M-9QXA-B3CD-E5FGH', '7K2M-9QXA-B3CD-E5FU'])(
  'no code is read from %s',
  (typed) => {
    expect(readTypedCode(typed)).toBeNull();
  },
);

test('groups of four are read more easily', () => {
  expect(inGroups('7K2M9QXAB3CDE5FG')).toBe('7K2M-9QXA-B3CD-E5FG');
  expect(inGroups('ABCDEFGHIJ', ' ')).toBe('ABCD EFGH IJ');
});
