import fc from 'fast-check';
import { DateTime } from 'luxon';
import { describe, expect, test } from 'vitest';
import {
  ALWAYS_CLOSED,
  describeHours,
  type HoursException,
  isOpen,
  isZone,
  nextChange,
  type OpeningHours,
  problemsWithHours,
  type Shift,
  WEEKDAYS,
  type Weekday,
  type WeeklyHours,
} from '@/lib/rules/opening-hours';

const ZONES = [
  'Europe/Berlin',
  'America/New_York',
  'Australia/Lord_Howe',
  'Pacific/Apia',
  'America/Santiago',
  'Asia/Kolkata',
  'Asia/Kathmandu',
  'Africa/Casablanca',
  'Pacific/Kiritimati',
  'America/Havana',
  'UTC',
];

const everyDay = (...shifts: Shift[]): WeeklyHours => ({
  1: shifts,
  2: shifts,
  3: shifts,
  4: shifts,
  5: shifts,
  6: shifts,
  7: shifts,
});
const hoursIn = (zone: string, weekly: WeeklyHours, ...exceptions: HoursException[]): OpeningHours => ({
  zone,
  weekly,
  exceptions,
});
const utc = (iso: string) => new Date(`${iso}Z`);
const change = (hours: OpeningHours, after: string) => {
  const found = nextChange(hours, utc(after));
  return found && `${found.opens ? 'opens' : 'closes'} ${found.at.toISOString().slice(0, 19)}`;
};

const OFFICE: WeeklyHours = {
  ...everyDay([540, 720], [780, 1020]),
  6: [[600, 840]],
  7: [],
};

const anyShifts = fc
  .uniqueArray(fc.integer({ min: 0, max: 1440 }), { minLength: 0, maxLength: 8 })
  .map((minutes) => [...minutes].sort((a, b) => a - b))
  .map((minutes) =>
    Array.from(
      { length: Math.floor(minutes.length / 2) },
      (_, i): Shift => [minutes[2 * i] ?? 0, minutes[2 * i + 1] ?? 0],
    ),
  );
const anyInstant = fc.date({ min: utc('2011-01-01T00:00'), max: utc('2037-12-31T00:00'), noInvalidDate: true });
const anyWeek = fc
  .tuple(anyShifts, anyShifts, anyShifts, anyShifts, anyShifts, anyShifts, anyShifts)
  .map(([a, b, c, d, e, f, g]): WeeklyHours => ({ 1: a, 2: b, 3: c, 4: d, 5: e, 6: f, 7: g }));
const anyHours = fc.record({
  zone: fc.constantFrom(...ZONES),
  weekly: anyWeek,
  exceptions: fc.array(
    fc.record({
      date: anyInstant.map((date) => date.toISOString().slice(0, 10)),
      shifts: anyShifts,
      reason: fc.string(),
    }),
    { maxLength: 3 },
  ),
});
/** Hours with a moment near one of their exceptions as often as far from all of them. */
const anyHoursAndInstant = fc
  .tuple(anyHours, anyInstant, fc.boolean(), fc.integer({ min: -36, max: 60 }))
  .map(([hours, instant, near, hoursAway]) => {
    const date = hours.exceptions[0]?.date;
    if (!near || date === undefined) return { hours, at: instant };
    return { hours, at: new Date(Date.parse(date) + hoursAway * 3_600_000 + (instant.getTime() % 3_600_000)) };
  });

describe('open or closed', () => {
  test('a shift is open from its first minute up to, but not including, its last', () => {
    const hours = hoursIn('Europe/Berlin', OFFICE);
    const openAt = (iso: string) => isOpen(hours, utc(iso));
    expect(openAt('2026-11-23T07:59:59.999')).toBe(false);
    expect(openAt('2026-11-23T08:00')).toBe(true);
    expect(openAt('2026-11-23T10:59:59.999')).toBe(true);
    expect(openAt('2026-11-23T11:00')).toBe(false); // the lunch break of split shifts
    expect(openAt('2026-11-23T12:00')).toBe(true);
    expect(openAt('2026-11-23T16:00')).toBe(false);
    expect(openAt('2026-11-22T10:00')).toBe(false); // a Sunday
  });

  test('an exception takes the place of the weekly hours of its date, in the zone of the business', () => {
    const closed = { date: '2026-11-26', shifts: [], reason: 'Thanksgiving' };
    const short = { date: '2026-11-29', shifts: [[600, 660]] as Shift[], reason: 'Open Sunday' };
    const hours = hoursIn('America/New_York', OFFICE, closed, short);
    expect(isOpen(hours, utc('2026-11-26T15:00'))).toBe(false);
    expect(isOpen(hours, utc('2026-11-27T15:00'))).toBe(true);
    expect(isOpen(hours, utc('2026-11-29T15:30'))).toBe(true);
    expect(isOpen(hours, utc('2026-11-29T16:30'))).toBe(false);
  });

  test('away from clock changes, open means that the wall clock stands within a shift of that day', () => {
    fc.assert(
      fc.property(anyHoursAndInstant, ({ hours, at }) => {
        const local = DateTime.fromJSDate(at, { zone: hours.zone });
        const isSteady = local.minus({ hours: 50 }).offset === local.plus({ hours: 50 }).offset;
        fc.pre(
          isSteady && !hours.exceptions.some((one, i) => hours.exceptions.findIndex((x) => x.date === one.date) < i),
        );
        const exception = hours.exceptions.find(({ date }) => date === local.toISODate());
        const shifts = exception?.shifts ?? hours.weekly[local.weekday as Weekday];
        const minute = local.hour * 60 + local.minute;
        expect(isOpen(hours, at)).toBe(shifts.some(([opens, closes]) => opens <= minute && minute < closes));
      }),
      { numRuns: 500 },
    );
  });

  test('an unknown zone is closed and never changes, rather than an error in the middle of a call', () => {
    for (const zone of ['', 'Mars/Olympus', '+02:00', 'local']) {
      const hours = hoursIn(zone, everyDay([0, 1440]));
      expect([
        isZone(zone),
        isOpen(hours, utc('2026-11-23T12:00')),
        nextChange(hours, utc('2026-11-23T12:00')),
      ]).toEqual([false, false, null]);
      expect(describeHours(hours, utc('2026-11-23T12:00'))).toBe('We are open every day around the clock.');
    }
    expect(ZONES.every(isZone)).toBe(true);
  });
});

describe('clock changes', () => {
  test('Berlin, spring 2026: a shift that starts in the skipped hour opens at the change', () => {
    const hours = hoursIn('Europe/Berlin', { ...ALWAYS_CLOSED, 7: [[150, 360]] });
    expect(change(hours, '2026-03-28T12:00:00')).toBe('opens 2026-03-29T01:00:00');
    expect(change(hours, '2026-03-29T01:00:00')).toBe('closes 2026-03-29T04:00:00');
  });

  test('Berlin, spring 2026: a shift that ends in the skipped hour closes at the change', () => {
    const hours = hoursIn('Europe/Berlin', { ...ALWAYS_CLOSED, 7: [[60, 150]] });
    expect(change(hours, '2026-03-29T00:30:00')).toBe('closes 2026-03-29T01:00:00');
  });

  test('Berlin, spring 2026: a shift that lies wholly in the skipped hour falls out, until next week', () => {
    const hours = hoursIn('Europe/Berlin', { ...ALWAYS_CLOSED, 7: [[130, 170]] });
    expect(change(hours, '2026-03-28T12:00:00')).toBe('opens 2026-04-05T00:10:00');
  });

  test('Berlin, autumn 2026: a shift opens at the first 2:30 and closes at the last', () => {
    const opening = hoursIn('Europe/Berlin', { ...ALWAYS_CLOSED, 7: [[150, 360]] });
    expect(change(opening, '2026-10-24T12:00:00')).toBe('opens 2026-10-25T00:30:00');
    expect(change(opening, '2026-10-25T00:30:00')).toBe('closes 2026-10-25T05:00:00');
    const closing = hoursIn('Europe/Berlin', { ...ALWAYS_CLOSED, 7: [[60, 150]] });
    expect(change(closing, '2026-10-24T12:00:00')).toBe('opens 2026-10-24T23:00:00');
    expect(change(closing, '2026-10-24T23:00:00')).toBe('closes 2026-10-25T01:30:00');
  });

  test('New York: nine o’clock is nine o’clock in summer and in winter', () => {
    const hours = hoursIn('America/New_York', everyDay([540, 1020]));
    expect(change(hours, '2026-03-07T22:00:00')).toBe('opens 2026-03-08T13:00:00');
    expect(change(hours, '2026-03-07T13:00:00')).toBe('opens 2026-03-07T14:00:00');
    expect(change(hours, '2026-10-31T21:00:00')).toBe('opens 2026-11-01T14:00:00');
  });

  test('Lord Howe: the clocks move by half an hour', () => {
    const spring = hoursIn('Australia/Lord_Howe', { ...ALWAYS_CLOSED, 7: [[125, 240]] });
    expect(change(spring, '2026-10-03T12:00:00')).toBe('opens 2026-10-03T15:30:00');
    expect(change(spring, '2026-10-03T15:30:00')).toBe('closes 2026-10-03T17:00:00');
    const autumn = hoursIn('Australia/Lord_Howe', { ...ALWAYS_CLOSED, 7: [[105, 115]] });
    expect(change(autumn, '2026-04-04T00:00:00')).toBe('opens 2026-04-04T14:45:00');
    expect(change(autumn, '2026-04-04T14:45:00')).toBe('closes 2026-04-04T15:25:00');
  });

  test('Apia: 30 December 2011 did not happen', () => {
    const hours = hoursIn('Pacific/Apia', everyDay([540, 1020]), {
      date: '2011-12-30',
      shifts: [[0, 1440]],
      reason: '',
    });
    expect(change(hours, '2011-12-30T03:00:00')).toBe('opens 2011-12-30T19:00:00'); // Thursday 17:00 to Saturday 9:00
  });

  test('Santiago: the clocks skip midnight, and a day that begins in the gap begins at the change', () => {
    const hours = hoursIn('America/Santiago', { ...ALWAYS_CLOSED, 7: [[0, 480]] });
    expect(change(hours, '2026-09-05T12:00:00')).toBe('opens 2026-09-06T04:00:00');
  });

  test('always open stays open through every change of a year', () => {
    for (const zone of ZONES) {
      const hours = hoursIn(zone, everyDay([0, 1440]));
      for (let fortnight = 0; fortnight < 27; fortnight += 1) {
        const at = new Date(Date.UTC(2026, 0, 1 + 14 * fortnight));
        expect([zone, at, isOpen(hours, at), nextChange(hours, at)]).toEqual([zone, at, true, null]);
      }
    }
  });
});

describe('the next change', () => {
  test('closing at 24:00 joins with opening at 0:00', () => {
    const night = hoursIn('Europe/Berlin', { ...ALWAYS_CLOSED, 5: [[1200, 1440]], 6: [[0, 120]] });
    expect(change(night, '2026-11-27T20:00:00')).toBe('closes 2026-11-28T01:00:00');
    const evening = hoursIn('Europe/Berlin', { ...ALWAYS_CLOSED, 5: [[1200, 1440]] });
    expect(change(evening, '2026-11-27T20:00:00')).toBe('closes 2026-11-27T23:00:00');
  });

  test('it looks past weeks of closed days', () => {
    const holidays = Array.from({ length: 20 }, (_, i) => ({
      date: new Date(Date.UTC(2026, 11, 20 + i)).toISOString().slice(0, 10),
      shifts: [],
      reason: 'Holidays',
    }));
    expect(change(hoursIn('Europe/Berlin', OFFICE, ...holidays), '2026-12-19T20:00:00')).toBe(
      'opens 2027-01-09T09:00:00',
    );
  });

  test('never open and always open never change', () => {
    expect(change(hoursIn('Europe/Berlin', ALWAYS_CLOSED), '2026-11-23T12:00:00')).toBeNull();
    expect(change(hoursIn('Europe/Berlin', everyDay([0, 1440])), '2026-11-23T12:00:00')).toBeNull();
  });

  test('nothing changes before it, and it does change at it', () => {
    fc.assert(
      fc.property(anyHoursAndInstant, fc.double({ min: 0, max: 1, noNaN: true }), ({ hours, at }, part) => {
        const next = nextChange(hours, at);
        const before = isOpen(hours, at);
        if (next === null) return;
        expect(next.at.getTime()).toBeGreaterThan(at.getTime());
        expect(next.opens).toBe(!before);
        expect(isOpen(hours, next.at)).toBe(next.opens);
        expect(isOpen(hours, new Date(next.at.getTime() - 1))).toBe(before);
        const between = at.getTime() + Math.floor((next.at.getTime() - 1 - at.getTime()) * part);
        expect(isOpen(hours, new Date(between))).toBe(before);
      }),
      { numRuns: 300 },
    );
  });
});

describe('read aloud', () => {
  const at = utc('2026-11-22T12:00'); // a Sunday
  const say = (weekly: WeeklyHours, ...exceptions: HoursException[]) =>
    describeHours(hoursIn('America/New_York', weekly, ...exceptions), at);

  test('days with the same hours are said together, split shifts in one breath', () => {
    expect(say(OFFICE)).toBe(
      'We are open Monday to Friday from 9 am to 12 noon and from 1 pm to 5 pm, and Saturday from 10 am to 2 pm. We are closed on Sunday.',
    );
    expect(say({ ...OFFICE, 3: [[540, 765]], 6: [] })).toBe(
      'We are open Monday and Tuesday from 9 am to 12 noon and from 1 pm to 5 pm, Wednesday from 9 am to 12:45 pm, and Thursday and Friday from 9 am to 12 noon and from 1 pm to 5 pm. We are closed on Saturday and Sunday.',
    );
    expect(say(everyDay([1080, 1440]))).toBe('We are open every day from 6 pm to midnight.');
    expect(say(everyDay([0, 1440]))).toBe('We are open every day around the clock.');
    expect(say(ALWAYS_CLOSED)).toBe('We have no regular opening hours.');
  });

  test('exceptions of the next seven days are named in order, others are not', () => {
    expect(
      say(
        everyDay([540, 1020]),
        { date: '2026-11-26', shifts: [], reason: 'Thanksgiving' },
        { date: '2026-11-23', shifts: [[600, 725]], reason: '' },
        { date: '2026-11-22', shifts: [], reason: 'Inventory.' },
        { date: '2026-11-21', shifts: [], reason: 'Yesterday' },
        { date: '2026-11-30', shifts: [], reason: 'Next week' },
      ),
    ).toBe(
      'We are open every day from 9 am to 5 pm. Today, Inventory, we are closed. Tomorrow, we are open from 10 am to 12:05 pm. On Thursday, November 26, Thanksgiving, we are closed.',
    );
  });
});

describe('problems with hours as typed', () => {
  test('hours that can be stored have none', () => {
    fc.assert(
      fc.property(anyWeek, (weekly) => {
        expect(problemsWithHours(weekly, [])).toEqual([]);
      }),
    );
  });

  test('each problem says where it is and what it is', () => {
    const weekly: WeeklyHours = {
      ...OFFICE,
      1: [
        [540, 480],
        [600, 600],
      ],
      2: [
        [540, 720],
        [700, 900],
      ],
      3: [[-1, 60]],
      4: [[0, 1441]],
      5: [[540.5, 600]],
    };
    expect(problemsWithHours(weekly, []).map(({ place, shift, text }) => [place, shift, text])).toEqual([
      [
        { weekday: 1 },
        0,
        'Monday: it closes before it opens. For a night shift, close at 24:00 and open the next day at 0:00.',
      ],
      [{ weekday: 1 }, 1, 'Monday: it opens and closes at the same time, 10 am.'],
      [{ weekday: 2 }, 1, 'Tuesday: it opens at 11:40 am, before the shift above it has ended.'],
      [{ weekday: 3 }, 0, 'Wednesday: a time must lie between 0:00 and 24:00.'],
      [{ weekday: 4 }, 0, 'Thursday: a time must lie between 0:00 and 24:00.'],
      [{ weekday: 5 }, 0, 'Friday: a time must lie between 0:00 and 24:00.'],
    ]);
  });

  test('a special day needs a real date, once, and a short reason', () => {
    const places = problemsWithHours(OFFICE, [
      { date: '2026-02-29', shifts: [], reason: '' },
      { date: '2028-02-29', shifts: [[600, 540]], reason: '' },
      { date: '2028-02-29', shifts: [], reason: 'x'.repeat(81) },
    ]).map(({ place, shift }) => [place, shift]);
    expect(places).toEqual([
      [{ date: '2026-02-29' }, null],
      [{ date: '2028-02-29' }, 0],
      [{ date: '2028-02-29' }, null],
      [{ date: '2028-02-29' }, null],
    ]);
  });

  test('a day with seven shifts has too many', () => {
    const seven = Array.from({ length: 7 }, (_, i): Shift => [i * 100, i * 100 + 50]);
    expect(problemsWithHours(everyDay(...seven), [])).toHaveLength(WEEKDAYS.length);
  });
});
