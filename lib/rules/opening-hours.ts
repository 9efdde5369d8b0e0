/**
 * When a business is open. Wall-clock times in an IANA zone, turned into instants, so that it is right across clock
 * changes.
 *
 * Two rules for the two odd hours of a year. A time that the clocks skip means the moment of the change. Of a time that
 * comes twice, opening means the first and closing the last: a shift stays in one piece, and a doubt counts as open.
 */

import { IANAZone } from 'luxon';
import { type ComingException, type DaysAlike, phrases, speakable, timeInWords, weekdayInWords } from './speech';

/** ISO weekday: Monday 1 to Sunday 7. */
export type Weekday = 1 | 2 | 3 | 4 | 5 | 6 | 7;
/** Minutes after local midnight, 0 ≤ opens < closes ≤ 1440. A night shift is two: until 1440, and from 0 the next day. */
export type Shift = readonly [opens: number, closes: number];
/** Shifts of each weekday, ascending and not overlapping; [] means closed. */
export type WeeklyHours = Readonly<Record<Weekday, readonly Shift[]>>;
/** One date (YYYY-MM-DD) on which other hours hold than the weekly ones; [] means closed all day. */
export type HoursException = { readonly date: string; readonly shifts: readonly Shift[]; readonly reason: string };
export type OpeningHours = {
  readonly zone: string;
  readonly weekly: WeeklyHours;
  readonly exceptions: readonly HoursException[];
};

export const WEEKDAYS: readonly Weekday[] = [1, 2, 3, 4, 5, 6, 7];

/** Weekly hours with no shift at all. */
export const ALWAYS_CLOSED: WeeklyHours = { 1: [], 2: [], 3: [], 4: [], 5: [], 6: [], 7: [] };

/** Whether this is the name of an IANA zone that this machine knows. Plain offsets are refused: they know no summer. */
export function isZone(name: string): boolean {
  return /^[A-Za-z]/.test(name) && IANAZone.create(name).isValid; // remembered, unlike isValidZone
}

/** Whether the business is open at an instant. With an unknown zone it counts as closed: callers then get the menu. */
export function isOpen(hours: OpeningHours, at: Date): boolean {
  if (!isZone(hours.zone)) return false;
  const today = localDay(hours.zone, at);
  return [today - 1, today, today + 1].some((day) =>
    openSpans(hours, day).some((span) => span.from <= at.getTime() && at.getTime() < span.to),
  );
}

/** An instant at which the business opens (`opens`) or closes. */
export type HoursChange = { readonly at: Date; readonly opens: boolean };

/**
 * The next instant after `at` at which the business opens or closes; null when nothing ever changes (always open, never
 * open, unknown zone). Shifts that touch, also across midnight, are one.
 */
export function nextChange(hours: OpeningHours, at: Date): HoursChange | null {
  if (!isZone(hours.zone)) return null;
  const today = localDay(hours.zone, at);
  const lastDay = lastDayToSearch(hours, today);
  let openUntil = isOpen(hours, at) ? at.getTime() : null;
  for (let day = today - 1; day <= lastDay; day += 1) {
    for (const span of openSpans(hours, day)) {
      if (openUntil === null) {
        if (span.from > at.getTime()) return { at: new Date(span.from), opens: true };
      } else if (span.from > openUntil) {
        return { at: new Date(openUntil), opens: false };
      } else {
        openUntil = Math.max(openUntil, span.to);
      }
    }
  }
  const searchedUntil = instantsOf(hours.zone, (lastDay + 1) * DAY).first;
  return openUntil !== null && openUntil < searchedUntil ? { at: new Date(openUntil), opens: false } : null;
}

/**
 * The hours as a caller hears them, with the exceptions of the next seven days: "We are open Monday to Friday from 9 am
 * to 5 pm. We are closed on Saturday and Sunday. Tomorrow, Thanksgiving, we are closed."
 */
export function describeHours(hours: OpeningHours, at: Date): string {
  return phrases.en.hours(daysAlike(hours.weekly), exceptionsWithinAWeek(hours, at));
}

/** Where a problem is: a weekday or a date, the shift (counted from 0) if it is about one, and what is wrong. */
export type HoursProblem = {
  readonly place: { readonly weekday: Weekday } | { readonly date: string };
  readonly shift: number | null;
  readonly text: string;
};

const MOST_SHIFTS_A_DAY = 6;
const MOST_EXCEPTIONS = 200;
const LONGEST_REASON = 80;

/** What is wrong with hours as typed, for a form: by place, in the order of the form. Empty when they can be stored. */
export function problemsWithHours(weekly: WeeklyHours, exceptions: readonly HoursException[]): readonly HoursProblem[] {
  const problems: HoursProblem[] = [];
  for (const weekday of WEEKDAYS) {
    for (const found of problemsWithShifts(weekly[weekday])) {
      problems.push({ place: { weekday }, shift: found.shift, text: `${weekdayInWords(weekday)}: ${found.text}` });
    }
  }
  const seen = new Set<string>();
  exceptions.forEach(({ date, shifts, reason }, index) => {
    const add = (text: string, shift: number | null = null) => problems.push({ place: { date }, shift, text });
    if (dayNumber(date) === null) add(`"${date.slice(0, 20)}" is not a date. Write it as year-month-day.`);
    if (seen.has(date)) add('This date is listed twice. Keep one of them.');
    if (index === MOST_EXCEPTIONS) add(`There can be at most ${MOST_EXCEPTIONS} special days. Remove past ones.`);
    if (reason.length > LONGEST_REASON) add(`The reason is read to callers: at most ${LONGEST_REASON} characters.`);
    for (const found of problemsWithShifts(shifts)) add(`${date}: ${found.text}`, found.shift);
    seen.add(date);
  });
  return problems;
}

function problemsWithShifts(shifts: readonly Shift[]): { shift: number | null; text: string }[] {
  const problems: { shift: number | null; text: string }[] = [];
  if (shifts.length > MOST_SHIFTS_A_DAY) {
    problems.push({ shift: null, text: `there can be at most ${MOST_SHIFTS_A_DAY} shifts in a day.` });
  }
  shifts.forEach(([opens, closes], shift) => {
    const before = shifts[shift - 1];
    if (!isMinuteOfDay(opens) || !isMinuteOfDay(closes)) {
      problems.push({ shift, text: 'a time must lie between 0:00 and 24:00.' });
    } else if (opens === closes) {
      problems.push({ shift, text: `it opens and closes at the same time, ${timeInWords(opens)}.` });
    } else if (opens > closes) {
      problems.push({
        shift,
        text: 'it closes before it opens. For a night shift, close at 24:00 and open the next day at 0:00.',
      });
    } else if (before !== undefined && opens < before[1]) {
      problems.push({ shift, text: `it opens at ${timeInWords(opens)}, before the shift above it has ended.` });
    }
  });
  return problems;
}

function isMinuteOfDay(minute: number): boolean {
  return Number.isInteger(minute) && minute >= 0 && minute <= 1440;
}

// Days are counted from 1970-01-01 in local time, and local times are kept as if they were UTC ("wall" milliseconds).

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Time during which the business is open: from ≤ t < to, in epoch milliseconds. */
type Span = { readonly from: number; readonly to: number };

function openSpans(hours: OpeningHours, day: number): readonly Span[] {
  return shiftsOn(hours, day)
    .map(([opens, closes]) => ({
      from: instantsOf(hours.zone, day * DAY + opens * MINUTE).first,
      to: instantsOf(hours.zone, day * DAY + closes * MINUTE).last,
    }))
    .filter((span) => span.from < span.to)
    .sort((a, b) => a.from - b.from);
}

function shiftsOn(hours: OpeningHours, day: number): readonly Shift[] {
  const exception = hours.exceptions.find(({ date }) => dayNumber(date) === day);
  return exception?.shifts ?? hours.weekly[weekdayOf(day)];
}

/**
 * The instants at which a wall clock in the zone shows a time. Usually one; two when the clocks go back; when they skip
 * that time, the moment of the change. Offsets lie between −12 and +14 hours, so both that could apply are found at the
 * two ends of that window.
 */
function instantsOf(zone: string, wall: number): { first: number; last: number } {
  const before = offsetAt(zone, wall - 14 * HOUR);
  const after = offsetAt(zone, wall + 12 * HOUR);
  const shown = [wall - before, wall - after].filter((instant) => instant + offsetAt(zone, instant) === wall);
  if (shown.length > 0) return { first: Math.min(...shown), last: Math.max(...shown) };
  let early = wall - Math.max(before, after);
  let late = wall - Math.min(before, after);
  while (late - early > 1) {
    const middle = Math.floor((early + late) / 2);
    if (middle + offsetAt(zone, middle) < wall) early = middle;
    else late = middle;
  }
  return { first: late, last: late };
}

function offsetAt(zone: string, instant: number): number {
  return IANAZone.create(zone).offset(instant) * MINUTE;
}

function localDay(zone: string, at: Date): number {
  return Math.floor((at.getTime() + offsetAt(zone, at.getTime())) / DAY);
}

function weekdayOf(day: number): Weekday {
  return WEEKDAYS[(((day + 3) % 7) + 7) % 7] ?? 1; // 1970-01-01 was a Thursday
}

/** The number of a date YYYY-MM-DD; null when there is no such date. */
function dayNumber(date: string): number | null {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(date)) return null;
  const wall = Date.parse(`${date}T00:00:00Z`);
  return Number.isNaN(wall) || new Date(wall).toISOString().slice(0, 10) !== date ? null : wall / DAY;
}

/** After the last exception the weeks repeat; two of them show every change, also past a shift that the clocks skip. */
function lastDayToSearch(hours: OpeningHours, today: number): number {
  const exceptions = hours.exceptions.map(({ date }) => dayNumber(date) ?? today);
  return Math.min(Math.max(today, ...exceptions), today + 366) + 15;
}

function daysAlike(weekly: WeeklyHours): readonly DaysAlike[] {
  const groups: { days: Weekday[]; shifts: readonly Shift[] }[] = [];
  for (const weekday of WEEKDAYS) {
    const shifts = weekly[weekday];
    const previous = groups[groups.length - 1];
    if (previous !== undefined && JSON.stringify(previous.shifts) === JSON.stringify(shifts))
      previous.days.push(weekday);
    else groups.push({ days: [weekday], shifts });
  }
  return groups;
}

function exceptionsWithinAWeek(hours: OpeningHours, at: Date): readonly ComingException[] {
  if (!isZone(hours.zone)) return [];
  const today = localDay(hours.zone, at);
  return hours.exceptions
    .map(({ date, shifts, reason }) => ({ day: dayNumber(date), shifts, reason: speakable(reason).replace(/\.$/, '') }))
    .flatMap(({ day, shifts, reason }) => {
      if (day === null || day < today || day > today + 7) return [];
      const date = new Date(day * DAY);
      return [
        {
          daysAhead: day - today,
          weekday: weekdayOf(day),
          month: date.getUTCMonth() + 1,
          day: date.getUTCDate(),
          shifts,
          reason,
        },
      ];
    })
    .sort((a, b) => a.daysAhead - b.daysAhead);
}
