/** Moments as a form for the local time of a business shows them: `YYYY-MM-DDTHH:MM`, in its zone. */
import { DateTime } from 'luxon';

const format = "yyyy-MM-dd'T'HH:mm";

/** The moment that a local time means; null when it is none. A time that the clocks skip means the same time after them. */
export function momentOf(local: string, zone: string): Date | null {
  if (!/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}$/.test(local)) return null;
  const at = DateTime.fromISO(local, { zone });
  return at.isValid ? at.toJSDate() : null;
}

/** The next Sunday at nine in the evening: when nobody is there, for almost every business. */
export function nextSundayEvening(now: Date, zone: string): string {
  const local = DateTime.fromJSDate(now, { zone });
  const sunday = local.plus({ days: 7 - local.weekday }).set({ hour: 21, minute: 0, second: 0, millisecond: 0 });
  return (sunday < local ? sunday.plus({ weeks: 1 }) : sunday).toFormat(format);
}
