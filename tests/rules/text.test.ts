import { expect, test } from 'vitest';
import { cutTo } from '@/lib/rules/text';

test('a text is cut to its length and no character is cut in two', () => {
  expect(cutTo(3, 'abcd')).toBe('abc');
  expect(cutTo(3, 'ab')).toBe('ab');
  expect(cutTo(3, 'ab😀')).toBe('ab');
  expect(cutTo(4, 'ab😀')).toBe('ab😀');
});
