import type { OpeningHours, Shift, Weekday } from '@/lib/rules/opening-hours';

/** The hours as a form shows them: texts, blank where nothing was entered. */
export type ShiftFields = { opens: string; closes: string };
export type ExceptionFields = { date: string; reason: string; shifts: ShiftFields[] };
export type HoursFields = { weekly: Record<Weekday, ShiftFields[]>; exceptions: ExceptionFields[] };

/** 540 → "09:00". The end of the day, 1440, is "00:00": an `<input type="time">` knows no 24:00. */
export function timeField(minutes: number): string {
  const inDay = minutes % 1440;
  return `${String(Math.floor(inDay / 60)).padStart(2, '0')}:${String(inDay % 60).padStart(2, '0')}`;
}

const shiftFields = ([opens, closes]: Shift): ShiftFields => ({ opens: timeField(opens), closes: timeField(closes) });

export function fieldsOfHours(hours: OpeningHours): HoursFields {
  return {
    weekly: everyDay((day) => hours.weekly[day].map(shiftFields)),
    exceptions: hours.exceptions.map(({ date, reason, shifts }) => ({ date, reason, shifts: shifts.map(shiftFields) })),
  };
}

/**
 * What was typed, read back from the form's own field names: `<weekday>.<n>.opens` and `.closes`,
 * `exceptions.<n>.date` and `.reason`, `exceptions.<n>.<m>.opens` and `.closes`. Rows left blank are dropped.
 */
export function fieldsOfValues(values: Readonly<Record<string, string>>): HoursFields {
  const shiftsUnder = (prefix: string): ShiftFields[] =>
    numbersUnder(values, prefix)
      .map((n) => ({
        opens: values[`${prefix}.${n}.opens`] ?? '',
        closes: values[`${prefix}.${n}.closes`] ?? '',
      }))
      .filter((shift) => shift.opens !== '' || shift.closes !== '');
  return {
    weekly: everyDay((day) => shiftsUnder(String(day))),
    exceptions: numbersUnder(values, 'exceptions')
      .map((n) => ({
        date: values[`exceptions.${n}.date`] ?? '',
        reason: values[`exceptions.${n}.reason`] ?? '',
        shifts: shiftsUnder(`exceptions.${n}`),
      }))
      .filter(({ date, reason, shifts }) => date !== '' || reason !== '' || shifts.length > 0),
  };
}

/** The numbers that follow `prefix.` in the names, ascending. */
function numbersUnder(values: Readonly<Record<string, string>>, prefix: string): number[] {
  const found = new Set<number>();
  for (const name of Object.keys(values)) {
    const next = name.startsWith(`${prefix}.`) ? name.slice(prefix.length + 1).split('.', 1)[0] : undefined;
    if (next !== undefined && /^\d+$/.test(next)) found.add(Number(next));
  }
  return [...found].sort((a, b) => a - b);
}

function everyDay(of: (day: Weekday) => ShiftFields[]): Record<Weekday, ShiftFields[]> {
  return { 1: of(1), 2: of(2), 3: of(3), 4: of(4), 5: of(5), 6: of(6), 7: of(7) };
}
