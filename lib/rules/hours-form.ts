/**
 * The form in which opening hours are typed: fields `zone`, `<weekday>.<n>.opens` and `.closes`, `exceptions.<n>.date`
 * and `.reason`, `exceptions.<n>.<m>.opens` and `.closes`. Rows that were left blank are no rows.
 */
import { type FormErrors, type FormValues, rowsUnder } from './form-rows';
import { ALWAYS_CLOSED, isZone, type OpeningHours, problemsWithHours, type Shift, WEEKDAYS } from './opening-hours';

/**
 * Reads the form. `hours` can be stored when there are no errors. An error about a day as a whole stands under `<weekday>`
 * or `exceptions.<n>`.
 */
export function parseHoursForm(values: FormValues): { readonly hours: OpeningHours; readonly errors: FormErrors } {
  const errors: Record<string, string> = {};
  const zone = values.zone ?? '';
  if (!isZone(zone)) errors.zone = 'Choose a time zone from the list.';

  const weekly = { ...ALWAYS_CLOSED };
  for (const weekday of WEEKDAYS) {
    const rows = shiftRows(values, String(weekday), errors);
    weekly[weekday] = rows.map(({ shift }) => shift);
    for (const { shift, text } of problemsWithHours({ ...ALWAYS_CLOSED, [weekday]: weekly[weekday] }, [])) {
      errors[shift === null ? String(weekday) : `${rows[shift]?.name}.opens`] ??= text;
    }
  }

  const exceptions: OpeningHours['exceptions'][number][] = [];
  let known = 0;
  for (const n of rowsUnder(values, 'exceptions')) {
    const name = `exceptions.${n}`;
    const date = (values[`${name}.date`] ?? '').trim();
    const reason = (values[`${name}.reason`] ?? '').trim();
    const rows = shiftRows(values, name, errors);
    if (date === '' && reason === '' && rows.length === 0) continue;
    exceptions.push({ date, reason, shifts: rows.map(({ shift }) => shift) });
    if (date === '') errors[`${name}.date`] ??= 'Choose the date.';
    // Problems come in the order of the days, so those that are new are this day's.
    const problems = problemsWithHours(ALWAYS_CLOSED, exceptions);
    for (const { shift, text } of problems.slice(known)) {
      if (date !== '') errors[shift === null ? name : `${rows[shift]?.name}.opens`] ??= text;
    }
    known = problems.length;
  }
  return { hours: { zone, weekly, exceptions }, errors };
}

type ShiftRow = { readonly name: string; readonly shift: Shift };

/** The shifts typed under a prefix, with the names their fields have. One that cannot be read is left out, with an error. */
function shiftRows(values: FormValues, prefix: string, errors: Record<string, string>): ShiftRow[] {
  return rowsUnder(values, prefix).flatMap((n) => {
    const name = `${prefix}.${n}`;
    const typed = { opens: (values[`${name}.opens`] ?? '').trim(), closes: (values[`${name}.closes`] ?? '').trim() };
    if (typed.opens === '' && typed.closes === '') return [];
    const opens = minuteOf(typed.opens);
    const closes = minuteOf(typed.closes);
    if (opens === null) errors[`${name}.opens`] ??= wrongTime(typed.opens, 'opens');
    if (closes === null) errors[`${name}.closes`] ??= wrongTime(typed.closes, 'closes');
    // A field for the time of day knows no 24:00: closing at 0:00 means the end of the day.
    return opens === null || closes === null ? [] : [{ name, shift: [opens, closes === 0 ? 1440 : closes] }];
  });
}

function wrongTime(typed: string, what: 'opens' | 'closes'): string {
  return typed === '' ? `Say when it ${what}, or leave both times blank.` : 'Write a time as 09:00 or 17:30.';
}

/** "09:30" → 570, "24:00" → 1440; null for anything else. Browsers may add seconds. */
function minuteOf(text: string): number | null {
  const [, hour, minute] = /^(\d{1,2}):(\d{2})(?::\d{2}(?:\.\d+)?)?$/.exec(text) ?? [];
  const minutes = Number(hour) * 60 + Number(minute);
  return Number(minute) < 60 && minutes <= 1440 ? minutes : null;
}
