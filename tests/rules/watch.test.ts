import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isMessageMissing, isUnusuallyQuiet } from '@/lib/rules/watch';

describe('a message', () => {
  test.each([
    [['chose', 'message_left', 'ended'], true],
    [['message_left', 'recorded', 'ended'], true],
    [['recorded', 'saving_failed'], true],
    [['message_left', 'recorded', 'saved', 'ended'], false],
    [['message_left', 'recording_absent', 'ended'], false],
    [['greeted', 'ended'], false],
    [['nothing_recorded', 'ended'], false],
    [[], false],
  ])('of a call on which happened %j is missing: %s', (kinds, isMissing) => {
    expect(isMessageMissing(kinds)).toBe(isMissing);
  });
});

describe('a line', () => {
  const HOUR = 3_600_000;
  const start = Date.parse('2026-03-02T09:00:00Z');
  const at = (hours: number) => new Date(start + hours * HOUR);
  /** Twelve calls a weekday, for four weeks; the last on a Friday at 20:00. */
  const office = Array.from({ length: 28 }, (_, day) => day)
    .filter((day) => day % 7 < 5)
    .flatMap((day) => Array.from({ length: 12 }, (_, hour) => at(day * 24 + hour)));
  const last = Math.max(...office.map((call) => call.getTime()));
  const hoursLater = (hours: number) => new Date(last + hours * HOUR);

  test('that rests at weekends is not quiet on a Monday morning, and is on a Wednesday', () => {
    expect(isUnusuallyQuiet(office, hoursLater(61))).toBe(false);
    expect(isUnusuallyQuiet(office, hoursLater(100))).toBe(true);
  });

  test('that rings all day and night is not quiet within a day', () => {
    const busy = Array.from({ length: 600 }, (_, hour) => at(hour));
    expect(isUnusuallyQuiet(busy, at(599 + 24))).toBe(false);
    expect(isUnusuallyQuiet(busy, at(599 + 25))).toBe(true);
  });

  test('with a handful of calls has nothing that is usual', () => {
    expect(isUnusuallyQuiet(office.slice(0, 14), hoursLater(10_000))).toBe(false);
    expect(isUnusuallyQuiet([], hoursLater(1))).toBe(false);
  });

  test('is never quiet for as long as it has been before, whatever the calls and their order', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 672 }), { minLength: 15, maxLength: 60 }), (hours) => {
        const ordered = hours.toSorted((a, b) => a - b);
        const longest = Math.max(...ordered.slice(1).map((hour, place) => hour - (ordered[place] ?? hour)));
        expect(isUnusuallyQuiet(hours.map(at), at((ordered.at(-1) ?? 0) + longest))).toBe(false);
      }),
    );
  });
});
