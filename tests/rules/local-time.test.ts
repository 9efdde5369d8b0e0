import { describe, expect, test } from 'vitest';
import { momentOf, nextSundayEvening, rangeOf } from '@/lib/rules/local-time';

describe('local times', () => {
  test('are moments in the zone of the business, summer and winter', () => {
    expect(momentOf('2026-07-05T21:00', 'Europe/Berlin')).toEqual(new Date('2026-07-05T19:00:00Z'));
    expect(momentOf('2026-01-04T21:00', 'Europe/Berlin')).toEqual(new Date('2026-01-04T20:00:00Z'));
  });

  test.each(['', '2026-13-01T10:00', '2026-02-30T10:00', '2026-01-04', '2026-01-04T10:00Z', 'now'])(
    '%j is none',
    (text) => {
      expect(momentOf(text, 'Europe/Berlin')).toBeNull();
    },
  );

  test.each([
    ['2026-03-04T10:00:00Z', '2026-03-08T21:00'],
    ['2026-03-08T19:59:00Z', '2026-03-08T21:00'],
    ['2026-03-08T20:01:00Z', '2026-03-15T21:00'],
  ])('at %s the next Sunday evening in Berlin is %s', (now, expected) => {
    expect(nextSundayEvening(new Date(now), 'Europe/Berlin')).toBe(expected);
  });
});

describe('a range of local minutes', () => {
  const range = (from: string, until: string, zone = 'America/New_York') => {
    const found = rangeOf(from, until, zone);
    return [found.from?.toISOString() ?? null, found.until?.toISOString() ?? null];
  };

  test('holds its first and its last minute whole', () => {
    expect(range('2026-03-02T10:00', '2026-03-02T10:05')).toEqual([
      '2026-03-02T15:00:00.000Z',
      '2026-03-02T15:06:00.000Z',
    ]);
  });

  test('is open on a side that is none', () => {
    expect(range('', '')).toEqual([null, null]);
    expect(range('yesterday', '2026-13-40T99:99')).toEqual([null, null]);
  });

  test('holds both of the minutes that happen twice when the clocks go back', () => {
    expect(range('2026-11-01T01:30', '2026-11-01T01:30')).toEqual([
      '2026-11-01T05:30:00.000Z',
      '2026-11-01T06:31:00.000Z',
    ]);
  });
});
