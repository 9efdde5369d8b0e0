/**
 * What a business's month of calls costs it. Everything is an integer: seconds are summed exactly and rounded once, up,
 * when they become minutes.
 */

import { DateTime } from 'luxon';
import { isZone } from './opening-hours';

export type Tier = 'free' | 'basic' | 'pro' | 'enterprise';

/** Minutes a month that come with each tier. A business's own limit, where it has one, takes the place of these. */
export const TIER_MINUTES: Readonly<Record<Tier, number>> = { free: 30, basic: 200, pro: 1000, enterprise: 5000 };

/**
 * A finished call, in whole seconds. `holdSeconds` is the part that the caller spent waiting for somebody to answer; `isFree`
 * says that all of it costs nothing (lib/rules/screening.ts).
 */
export type CallLength = { readonly seconds: number; readonly holdSeconds: number; readonly isFree: boolean };

/** What happened on a call, as far as waiting goes. */
export type WaitingEvent = { readonly kind: string; readonly at: Date; readonly urgent: boolean };

/**
 * Seconds that a caller who had been answered waited while somebody was rung for them; who gave up waited until the call
 * ended. In opening hours the line is only answered once somebody takes it, so that only emergencies keep a caller on hold.
 */
export function holdSeconds(events: readonly WaitingEvent[], endedAt: Date): number {
  let held = 0;
  let since: Date | null = null;
  const secondsUntil = (at: Date) => (since ? Math.max(0, Math.round((at.getTime() - since.getTime()) / 1000)) : 0);
  for (const { kind, at, urgent } of events.toSorted((a, b) => a.at.getTime() - b.at.getTime())) {
    if (kind === 'rang_person' && urgent) since ??= at;
    else if (since && (kind === 'person_took_it' || kind === 'person_missed_it')) {
      held += secondsUntil(at);
      since = null;
    }
  }
  return held + secondsUntil(endedAt);
}

/** Seconds of a call that count towards the month: none of a free one, none on hold, never less than 0. */
export function chargedSeconds({ seconds, holdSeconds, isFree }: CallLength): number {
  return isFree ? 0 : Math.max(0, seconds - Math.max(0, holdSeconds));
}

/** The month's seconds as minutes: summed first, rounded up once. */
export function minutesFrom(seconds: Iterable<number>): number {
  let sum = 0;
  for (const part of seconds) sum += part;
  return Math.ceil(sum / 60);
}

/** A calendar month in a business's zone: `name` is YYYY-MM, `from` ≤ t < `to`. */
export type Month = { readonly name: string; readonly from: Date; readonly to: Date };

/** The month in which an instant lies for a business. An unknown zone counts as UTC. */
export function monthOf(at: Date, zone: string): Month {
  const from = DateTime.fromJSDate(at, { zone: isZone(zone) ? zone : 'UTC' }).startOf('month');
  return { name: from.toFormat('yyyy-MM'), from: from.toJSDate(), to: from.plus({ months: 1 }).toJSDate() };
}

/** The days of a month (YYYY-MM-DD), whatever the clocks do in it. */
export function daysOf({ from, to }: Month, zone: string): readonly string[] {
  const first = DateTime.fromJSDate(from, { zone: isZone(zone) ? zone : 'UTC' });
  const days = Math.round(DateTime.fromJSDate(to, { zone: first.zone }).diff(first, 'days').days);
  return Array.from({ length: days }, (_, day) => first.plus({ days: day }).toFormat('yyyy-MM-dd'));
}

/** How much of the month is used. `percent` is rounded down, so that 100 means reached. */
export type Usage = { readonly minutes: number; readonly limit: number; readonly percent: number };

/** `seconds`: charged in this month so far. `limit`: minutes a month. A limit of 0 is always reached. */
export function usageOf(seconds: number, limit: number): Usage {
  return {
    minutes: minutesFrom([seconds]),
    limit,
    percent: limit <= 0 ? 100 : Math.floor((seconds * 100) / (limit * 60)),
  };
}

/** At which part of a month's minutes its owners are told, in percent, ascending. */
export const NOTICE_PERCENTS = [80, 100] as const;
export type NoticePercent = (typeof NOTICE_PERCENTS)[number];

/** Which of them are reached. */
export const noticesDue = ({ percent }: Usage): readonly NoticePercent[] =>
  NOTICE_PERCENTS.filter((reached) => percent >= reached);

/** What a caller gets: everything, or, once the month's minutes are used up, greeting and message only. */
export type Service = 'full' | 'message_only';

/** Nobody is refused for want of minutes: past 100 % the call is still answered. */
export function serviceFor(seconds: number, limit: number): Service {
  return usageOf(seconds, limit).percent >= 100 ? 'message_only' : 'full';
}
