import fc from 'fast-check';
import { expect, test } from 'vitest';
import { inWords, tooManyAddress, waitOf } from '@/lib/rules/limits';

test.each([
  [1, 'a second'],
  [40, '40 seconds'],
  [119, '119 seconds'],
  [120, '2 minutes'],
  [300, '5 minutes'],
  [301, '6 minutes'],
  [7_200, '2 hours'],
  [86_400, '24 hours'],
])('%i seconds are said as %s', (seconds, words) => {
  expect(inWords(seconds)).toBe(words);
});

test('the page says the wait that the door wrote into its address', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 86_400 }), (seconds) => {
      const { searchParams } = new URL(tooManyAddress(seconds), 'https://here.invalid');
      expect(waitOf(searchParams.get('wait'))).toBe(seconds);
    }),
  );
});

test.each([null, '', '0', '-5', '1e3', '99999', '86401', '5; url=x', '٣'])(
  'a wait that no limit says (%s) is a minute',
  (text) => {
    expect(waitOf(text)).toBe(60);
  },
);
