import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseHoursForm } from '@/lib/rules/hours-form';
import { ALWAYS_CLOSED, type Shift, WEEKDAYS } from '@/lib/rules/opening-hours';

const zone = 'Europe/Berlin';
const errorsOf = (fields: Record<string, string>) => parseHoursForm({ zone, ...fields }).errors;
const clock = (minute: number) =>
  `${String(Math.floor((minute % 1440) / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`;

/** Shifts of a day: ascending, not touching. */
const anyShifts = fc
  .uniqueArray(fc.integer({ min: 0, max: 1440 }), { maxLength: 8 })
  .map((minutes) => minutes.toSorted((a, b) => a - b))
  .map((minutes) =>
    Array.from(
      { length: Math.floor(minutes.length / 2) },
      (_, n): Shift => [minutes[2 * n] ?? 0, minutes[2 * n + 1] ?? 0],
    ),
  );

describe('the form of the hours', () => {
  test('says what was typed: hours written into its fields are read out again', () => {
    fc.assert(
      fc.property(fc.array(anyShifts, { minLength: 7, maxLength: 7 }), anyShifts, (days, special) => {
        const fields: Record<string, string> = {
          zone,
          'exceptions.4.date': '2026-12-25',
          'exceptions.4.reason': ' Feast ',
        };
        const write = (prefix: string, shifts: readonly Shift[]) =>
          shifts.forEach(([opens, closes], n) => {
            fields[`${prefix}.${n}.opens`] = clock(opens);
            fields[`${prefix}.${n}.closes`] = clock(closes);
          });
        for (const weekday of WEEKDAYS) write(String(weekday), days[weekday - 1] ?? []);
        write('exceptions.4', special);
        const { hours, errors } = parseHoursForm(fields);
        expect(errors).toEqual({});
        expect(WEEKDAYS.map((weekday) => hours.weekly[weekday])).toEqual(days);
        expect(hours.exceptions).toEqual([{ date: '2026-12-25', reason: 'Feast', shifts: special }]);
      }),
    );
  });

  test('leaves out rows that were left blank, and keeps the names of the fields of those that were not', () => {
    const fields = {
      '1.0.opens': '',
      '1.0.closes': ' ',
      '1.1.opens': '10:00',
      '1.1.closes': '09:00',
      'exceptions.0.date': '',
    };
    expect(parseHoursForm({ zone, ...fields }).hours.exceptions).toEqual([]);
    expect(Object.keys(errorsOf(fields))).toEqual(['1.1.opens']);
  });

  test.each([
    ['half a shift', { '3.0.opens': '09:00' }, '3.0.closes'],
    ['no time', { '3.0.opens': 'nine', '3.0.closes': '10:00' }, '3.0.opens'],
    ['no such minute', { '3.0.opens': '09:60', '3.0.closes': '10:00' }, '3.0.opens'],
    ['no such hour', { '3.0.opens': '24:01', '3.0.closes': '24:00' }, '3.0.opens'],
    ['the wrong way round', { '3.0.opens': '10:00', '3.0.closes': '09:00' }, '3.0.opens'],
    [
      'two shifts at once',
      { '3.0.opens': '09:00', '3.0.closes': '12:00', '3.7.opens': '11:00', '3.7.closes': '13:00' },
      '3.7.opens',
    ],
    ['a reason without a date', { 'exceptions.2.reason': 'Feast' }, 'exceptions.2.date'],
    ['no such date', { 'exceptions.2.date': '2026-02-29' }, 'exceptions.2'],
    ['a date twice', { 'exceptions.0.date': '2026-12-25', 'exceptions.9.date': '2026-12-25' }, 'exceptions.9'],
    ['a long reason', { 'exceptions.2.date': '2026-12-25', 'exceptions.2.reason': 'x'.repeat(81) }, 'exceptions.2'],
    [
      'a special shift the wrong way round',
      {
        'exceptions.1.date': '2026-12-24',
        'exceptions.2.date': '2026-12-25',
        'exceptions.2.5.opens': '10:00',
        'exceptions.2.5.closes': '09:00',
      },
      'exceptions.2.5.opens',
    ],
    ['no zone', { zone: '' }, 'zone'],
    ['no such zone', { zone: 'Mars/Olympus' }, 'zone'],
  ])('%s is one error, beside its field', (_, fields, name) => {
    expect(Object.keys(errorsOf(fields as Record<string, string>))).toEqual([name]);
  });

  test('takes any fields at all and stores nothing by halves', () => {
    const names = fc.oneof(
      fc.string(),
      fc.constantFrom(
        '1.0.opens',
        '1.0.closes',
        'exceptions.0.date',
        '__proto__',
        'exceptions.x.date',
        '1..opens',
        '8.0.opens',
      ),
    );
    fc.assert(
      fc.property(fc.dictionary(names, fc.string()), (fields) => {
        const { hours, errors } = parseHoursForm({ ...fields, zone });
        if (
          Object.keys(errors).length === 0 &&
          Object.keys(fields).every((name) => !/^([1-7]|exceptions)\./.test(name))
        ) {
          expect(hours).toEqual({ zone, weekly: ALWAYS_CLOSED, exceptions: [] });
        }
      }),
    );
  });
});
