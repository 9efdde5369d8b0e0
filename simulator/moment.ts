import { DateTime, type WeekdayNumbers } from 'luxon';

const WEEKDAYS = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'];

/**
 * The moment meant by `Sunday 21:00`, `21:00` or `9 pm` (the next such moment after `now`), or by an ISO date with a
 * time, read in the IANA zone. Throws an Error that says what can be written.
 */
export function momentOf(text: string, zone: string, now: Date): Date {
  const here = DateTime.fromJSDate(now, { zone });
  if (!here.isValid) throw new Error(`There is no time zone "${zone}". Write one such as America/New_York.`);

  const iso = DateTime.fromISO(text.trim().replace(' ', 'T'), { zone });
  if (/^\d{4}-\d{2}-\d{2}[T ]/.test(text.trim()) && iso.isValid) return iso.toJSDate();

  const match = /^(?:([a-z]+)\s+)?(\d{1,2})(?::(\d{2}))?\s*(am|pm)?$/i.exec(text.trim());
  const [, day = '', hourText = '', minuteText, half] = match ?? [];
  const weekday = WEEKDAYS.findIndex((name) => day !== '' && name.startsWith(day.toLowerCase())) + 1;
  const hour = half === undefined ? Number(hourText) : (Number(hourText) % 12) + (half.toLowerCase() === 'pm' ? 12 : 0);
  const minute = Number(minuteText ?? 0);
  const understood =
    match !== null &&
    (minuteText !== undefined || half !== undefined) &&
    (day === '' || (day.length >= 3 && weekday > 0)) &&
    (half === undefined ? hour < 24 : Number(hourText) >= 1 && Number(hourText) <= 12) &&
    minute < 60;
  if (!understood) {
    throw new Error(`"${text}" is no moment. Write "Sunday 21:00", "9 pm" or "2026-03-08 02:30".`);
  }
  const at = { hour, minute, second: 0, millisecond: 0 };
  if (day === '') {
    const today = here.set(at);
    return (today > here ? today : here.plus({ days: 1 }).set(at)).toJSDate();
  }
  const thisWeek = here.set({ weekday: weekday as WeekdayNumbers }).set(at);
  return (thisWeek > here ? thisWeek : thisWeek.plus({ weeks: 1 })).toJSDate();
}
