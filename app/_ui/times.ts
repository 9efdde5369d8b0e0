const locale = 'en-GB';

/** "Friday 21 November 2025, 6:58 pm, Berlin time": nothing left to guess. */
export function exactTime(at: Date, zone: string): string {
  return `${dayOf(at, zone, 'long')}, ${clockTime(at, zone)}, ${zoneInWords(zone)}`;
}

/** "America/Los_Angeles" → "Los Angeles time" */
export function zoneInWords(zone: string): string {
  const place = zone.slice(zone.lastIndexOf('/') + 1).replaceAll('_', ' ');
  return zone.includes('/') ? `${place} time` : place;
}

/** "6:58 pm" */
export function clockTime(at: Date, zone: string): string {
  return clock(zone, {}).format(at);
}

/** "6:58:04 pm" */
export function clockTimeWithSeconds(at: Date, zone: string): string {
  return clock(zone, { second: '2-digit' }).format(at);
}

/** `hourCycle`, not `hour12`: in British English the latter calls half past midnight "0:30 am". */
function clock(zone: string, more: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  return new Intl.DateTimeFormat(locale, {
    timeZone: zone,
    hour: 'numeric',
    minute: '2-digit',
    hourCycle: 'h12',
    ...more,
  });
}

/** "Fri 21 Nov 2025", or with whole words. */
export function dayOf(at: Date, zone: string, style: 'short' | 'long' = 'short'): string {
  const format = new Intl.DateTimeFormat(locale, {
    timeZone: zone,
    weekday: style,
    day: 'numeric',
    month: style,
    year: 'numeric',
  });
  return format.format(at).replace(',', '');
}

/** "just now", "12 min ago", "5 h ago", "3 days ago"; after a week the day itself. */
export function timeAgo(at: Date, now: Date, zone: string): string {
  const minutes = Math.floor((now.getTime() - at.getTime()) / 60_000);
  if (minutes < 1) return 'just now';
  if (minutes < 60) return `${minutes} min ago`;
  const hours = Math.floor(minutes / 60);
  if (hours < 24) return `${hours} h ago`;
  const days = Math.floor(hours / 24);
  if (days < 8) return days === 1 ? '1 day ago' : `${days} days ago`;
  return dayOf(at, zone);
}

/** 72 → "1 min 12 s", with spaces at which no line breaks. */
export function duration(seconds: number): string {
  const minutes = Math.floor(seconds / 60);
  const rest = seconds % 60;
  if (minutes === 0) return `${rest}\u00a0s`;
  return rest === 0 ? `${minutes}\u00a0min` : `${minutes}\u00a0min ${rest}\u00a0s`;
}

/** 72 → "1:12", as a player shows it. */
export function playTime(seconds: number): string {
  const whole = Math.floor(seconds);
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, '0')}`;
}
