import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  chargedSeconds,
  holdSeconds,
  minutesFrom,
  monthOf,
  noticesDue,
  serviceFor,
  usageOf,
} from '@/lib/rules/minutes';

const anySeconds = fc.nat({ max: 100_000 });

test('free calls and time on hold cost nothing, and nothing ever costs less than nothing', () => {
  expect(chargedSeconds({ seconds: 95, holdSeconds: 20, isFree: false })).toBe(75);
  expect(chargedSeconds({ seconds: 95, holdSeconds: 0, isFree: true })).toBe(0);
  expect(chargedSeconds({ seconds: 10, holdSeconds: 20, isFree: false })).toBe(0);
  expect(chargedSeconds({ seconds: 10, holdSeconds: -20, isFree: false })).toBe(10);
});

test('a caller waits on hold from when somebody is rung until they take it, or cannot be reached, or the call ends', () => {
  const at = (second: number) => new Date(Date.UTC(2026, 10, 22, 21, 0, second));
  const rang = (second: number, urgent = true) => ({ kind: 'rang_person', at: at(second), urgent });
  const other = (kind: string, second: number) => ({ kind, at: at(second), urgent: false });
  const end = at(60);
  expect(holdSeconds([rang(10), other('person_took_it', 25)], end)).toBe(15);
  expect(holdSeconds([rang(10), other('person_missed_it', 30), rang(31), other('person_took_it', 40)], end)).toBe(29);
  expect(holdSeconds([rang(10)], end)).toBe(50);
  expect(holdSeconds([rang(10, false), other('person_took_it', 25)], end)).toBe(0);
  expect(holdSeconds([rang(70)], end)).toBe(0);
  expect(holdSeconds([other('person_took_it', 25), rang(10)], end)).toBe(15);
});

test('seconds are summed before they are rounded, once, up', () => {
  expect(minutesFrom([61, 61, 61])).toBe(4);
  expect(minutesFrom([])).toBe(0);
  expect(minutesFrom([1])).toBe(1);
  fc.assert(
    fc.property(fc.array(anySeconds), (seconds) => {
      const sum = seconds.reduce((a, b) => a + b, 0);
      const minutes = minutesFrom(seconds);
      expect(Number.isInteger(minutes) && minutes * 60 >= sum && minutes * 60 < sum + 60).toBe(true);
    }),
  );
});

test('a month begins and ends at the midnights of the business, not of the server', () => {
  const berlin = monthOf(new Date('2026-10-31T23:30:00Z'), 'Europe/Berlin');
  expect(berlin).toEqual({
    name: '2026-11',
    from: new Date('2026-10-31T23:00:00Z'),
    to: new Date('2026-11-30T23:00:00Z'),
  });
  const newYork = monthOf(new Date('2026-11-01T03:59:59Z'), 'America/New_York');
  expect(newYork).toEqual({
    name: '2026-10',
    from: new Date('2026-10-01T04:00:00Z'),
    to: new Date('2026-11-01T04:00:00Z'),
  });
  expect(monthOf(new Date('2026-12-31T23:59:59Z'), 'nowhere').name).toBe('2026-12');
});

test('V2.3.2 every second up to the last one gives the full service, the last one ends it', () => {
  expect(serviceFor(30 * 60 - 1, 30)).toBe('full');
  expect(serviceFor(30 * 60, 30)).toBe('message_only');
  expect(serviceFor(0, 0)).toBe('message_only');
  expect(usageOf(24 * 60 - 1, 30)).toEqual({ minutes: 24, limit: 30, percent: 79 });
  expect(usageOf(24 * 60, 30)).toEqual({ minutes: 24, limit: 30, percent: 80 });
});

test('owners are told when 80 % are reached and when all are, and not a second before', () => {
  const due = (seconds: number) => noticesDue(usageOf(seconds, 30));
  expect([due(0), due(24 * 60 - 1), due(24 * 60), due(30 * 60 - 1), due(30 * 60)]).toEqual([
    [],
    [],
    [80],
    [80],
    [80, 100],
  ]);
});
