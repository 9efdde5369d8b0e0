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

/**
 * The moments from one local minute to another, both included; a side that is none is open. Where the clocks go back and
 * a minute happens twice, the range begins with the first of them and ends with the last.
 */
export function rangeOf(
  from: string,
  until: string,
  zone: string,
): { readonly from: Date | null; readonly until: Date | null } {
  const last = momentsOf(until, zone).at(-1);
  // The end of a range is left out of it, so it is the minute after.
  return { from: momentsOf(from, zone).at(0) ?? null, until: last ? new Date(last.getTime() + 60_000) : null };
}

/** Every moment that a local time means, the earliest first: none, one, or two where the clocks go back. */
function momentsOf(local: string, zone: string): Date[] {
  if (momentOf(local, zone) === null) return [];
  return DateTime.fromISO(local, { zone })
    .getPossibleOffsets()
    .map((at) => at.toJSDate())
    .sort((a, b) => a.getTime() - b.getTime());
}

/** A moment as data: ISO 8601 to the millisecond, with the zone's offset of then. */
export function isoIn(at: Date, zone: string): string {
  return DateTime.fromJSDate(at, { zone }).toISO({ includeOffset: true }) ?? at.toISOString();
}
