import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  CHOSEN_PERIODS,
  daysKept,
  endingOf,
  FEWEST_DAYS,
  KEPT_DAYS,
  longerThanPromised,
  MOST_CLOCK_DIFFERENCE_MS,
  MOST_DAYS,
  momentOf,
  overBefore,
  policyProblems,
} from '@/lib/rules/retention';

const promised = { recording: null, transcript: null, metadata: null, basis: null };
const days = fc.option(fc.integer({ min: -1, max: MOST_DAYS + 1 }));
const policy = fc.record({
  recording: days,
  transcript: days,
  metadata: days,
  basis: fc.option(fc.constantFrom('', ' ', 'HGB § 257')),
});

describe('a business’s own periods', () => {
  test('are the promised ones where it chose nothing', () => {
    expect(policyProblems(promised)).toEqual({});
    for (const period of CHOSEN_PERIODS) expect(daysKept(promised, period)).toBe(KEPT_DAYS[period]);
  });

  test('that pass are within bounds, keep no word longer than its call, and name a law where they are longer than promised', () => {
    fc.assert(
      fc.property(policy, (chosen) => {
        fc.pre(Object.keys(policyProblems(chosen)).length === 0);
        for (const period of CHOSEN_PERIODS) {
          expect(daysKept(chosen, period)).toBeGreaterThanOrEqual(FEWEST_DAYS[period]);
          expect(daysKept(chosen, period)).toBeLessThanOrEqual(MOST_DAYS);
          expect(daysKept(chosen, period)).toBeLessThanOrEqual(daysKept(chosen, 'metadata'));
        }
        if (longerThanPromised(chosen).length > 0) expect(chosen.basis?.trim()).toBeTruthy();
      }),
    );
  });

  test('that are refused say so at each field', () => {
    expect(Object.keys(policyProblems({ ...promised, recording: 31 }))).toEqual(['basis']);
    expect(Object.keys(policyProblems({ ...promised, metadata: 60 }))).toEqual(['transcript']);
    expect(Object.keys(policyProblems({ ...promised, recording: 0.5, metadata: 29 }))).toContain('recording');
  });
});

describe('the moment that decides', () => {
  const at = fc.date({ min: new Date('2020-01-01'), max: new Date('2040-01-01'), noInvalidDate: true });

  test('is never later than either clock, so that nothing goes early while one of them is right', () => {
    fc.assert(
      fc.property(at, fc.integer({ min: -MOST_CLOCK_DIFFERENCE_MS, max: MOST_CLOCK_DIFFERENCE_MS }), (ours, apart) => {
        const theirs = new Date(ours.getTime() + apart);
        const moment = momentOf(ours, theirs);
        expect(moment?.getTime()).toBe(Math.min(ours.getTime(), theirs.getTime()));
      }),
    );
  });

  test('is none where the clocks are further apart than clocks are', () => {
    const ours = new Date('2026-11-22T03:10:00Z');
    for (const sign of [-1, 1])
      expect(momentOf(ours, new Date(ours.getTime() + sign * (MOST_CLOCK_DIFFERENCE_MS + 1)))).toBeNull();
  });

  test('is counted back in whole days of 24 hours, also over a change of clocks', () => {
    expect(overBefore(30, new Date('2026-04-10T03:10:00Z'))).toEqual(new Date('2026-03-11T03:10:00Z'));
  });
});

test('what ends with a period is read from the data map: words before the call they belong to', () => {
  expect(endingOf('Recording', 'recording')).toEqual({ goes: true });
  expect(endingOf('Transcript', 'transcript')).toEqual({ goes: true });
  expect(endingOf('CallEvent', 'transcript')).toEqual({ goes: false, columns: { said: 'blank' } });
  expect(endingOf('Call', 'transcript')).toEqual({ goes: false, columns: { wanted: 'blank' } });
  expect(endingOf('Call', 'metadata')).toMatchObject({
    goes: false,
    columns: {
      id: 'renew',
      callSid: 'blank',
      callerNumber: 'blank',
      callerNumberIndexB: 'blank',
      startedAt: 'coarsen',
    },
  });
  expect(endingOf('User', 'metadata')).toBeNull();
});
