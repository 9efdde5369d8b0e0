/** What somebody new may be called, and what their business begins with. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { firstGreeting, firstHours, firstLimit } from '@/lib/rules/first-business';
import { isMailAddress } from '@/lib/rules/mail-address';
import { isOpen } from '@/lib/rules/opening-hours';
import { isName, longestName } from '@/lib/rules/sign-up';
import { LONGEST_SPOKEN_TEXT, speakable } from '@/lib/rules/speech';

describe('a name', () => {
  test('is whatever people are called, in any script', () => {
    for (const name of ['Ines', 'Zoë O’Neill-Ångström', 'ناصر', '山田 太郎', 'J', '4th Street Dental', 'Baxter & Sons'])
      expect(isName(name), name).toBe(true);
  });

  test('has something to read in it, is one line, and is not endless', () => {
    for (const name of ['', '   ', '---', '😀', 'a\nb', 'a\u0000b', 'a\u001b[31m', 'x'.repeat(longestName + 1)])
      expect(isName(name), JSON.stringify(name)).toBe(false);
  });
});

describe('a new business', () => {
  test('is closed at every moment, so that every call is answered for it', () => {
    fc.assert(
      fc.property(fc.date({ noInvalidDate: true, min: new Date(0), max: new Date('2100-01-01') }), (at) => {
        expect(isOpen({ zone: 'Europe/Lisbon', weekly: firstHours, exceptions: [] }, at)).toBe(false);
      }),
    );
    expect(firstLimit).toBe(30);
  });

  test('has a greeting that can be spoken, whatever it is called', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: longestName, unit: 'grapheme' }), (name) => {
        const greeting = firstGreeting(name);
        expect(speakable(greeting)).not.toBe('');
        expect(greeting.length).toBeLessThanOrEqual(LONGEST_SPOKEN_TEXT);
      }),
    );
  });
});

test('V2.2.1 an address with a second one, a line break, a quote or a look-alike in it is none', () => {
  const plain = 'victim@example.com';
  expect(isMailAddress(plain)).toBe(true);
  fc.assert(
    fc.property(
      fc.constantFrom(...'"\\,;:<>()[] \t\r\n\0', '\uFF20', '\uFE6B', '\u2024', '\u202E', '\u200B'),
      fc.nat(plain.length),
      (sign, at) => {
        expect(isMailAddress(plain.slice(0, at) + sign + plain.slice(at))).toBe(false);
      },
    ),
  );
});
