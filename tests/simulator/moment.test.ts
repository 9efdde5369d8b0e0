import { expect, test } from 'vitest';
import { momentOf } from '@/simulator/moment';

const ZONE = 'America/New_York';
/** Thursday 5 March 2026, 10:00 in New York. */
const NOW = new Date('2026-03-05T15:00:00Z');

test.each([
  ['Thursday 10:30', '2026-03-05T15:30:00.000Z'],
  ['thu 10:00', '2026-03-12T14:00:00.000Z'],
  ['Sunday 21:00', '2026-03-09T01:00:00.000Z'],
  ['Saturday 9pm', '2026-03-08T02:00:00.000Z'],
  ['monday 12 am', '2026-03-09T04:00:00.000Z'],
  ['12:15 pm', '2026-03-05T17:15:00.000Z'],
  ['09:00', '2026-03-06T14:00:00.000Z'],
  ['2026-07-01 21:00', '2026-07-02T01:00:00.000Z'],
  ['2026-07-01T21:00:00Z', '2026-07-01T21:00:00.000Z'],
])('“%s” is the next such moment in the zone, across a clock change too', (text, expected) => {
  expect(momentOf(text, ZONE, NOW).toISOString()).toBe(expected);
});

test.each(['', 'Sunday', '21', 'Noday 21:00', 's 21:00', '25:00', '13 pm', '21:60', '2026-02-30 10:00'])(
  '“%s” is no moment, and the message shows what is',
  (text) => {
    expect(() => momentOf(text, ZONE, NOW)).toThrow(/Write "Sunday 21:00"/);
  },
);

test('a zone that does not exist is named', () => {
  expect(() => momentOf('21:00', 'Mars/Olympus', NOW)).toThrow(/no time zone "Mars\/Olympus"/);
});
