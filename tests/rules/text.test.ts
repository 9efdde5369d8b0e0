import { expect, test } from 'vitest';
import { cutTo, withoutSpacesAround } from '@/lib/rules/text';

test('a text is cut to its length and no character is cut in two', () => {
  expect(cutTo(3, 'abcd')).toBe('abc');
  expect(cutTo(3, 'ab')).toBe('ab');
  expect(cutTo(3, 'ab😀')).toBe('ab');
  expect(cutTo(4, 'ab😀')).toBe('ab😀');
});

test('spaces around a text go, and nothing else', () => {
  expect(withoutSpacesAround('  a b\n ')).toBe('a b\n');
  expect(withoutSpacesAround('\ta')).toBe('\ta');
  expect(withoutSpacesAround('   ')).toBe('');
});
