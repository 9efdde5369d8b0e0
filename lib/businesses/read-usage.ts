/** A month's minutes: how many are used, day by day, and what was not charged. */
import type { Member, Visit } from '@/lib/platform/visit';
import { daysOf, monthOf, NOTICE_PERCENTS, type NoticePercent, usageOf } from '@/lib/rules/minutes';
import type { Uncharged } from '@/lib/rules/screening';

export type UsageAsked = { readonly month: 'this' | 'last' };

type Day = { readonly day: string; readonly calls: number; readonly seconds: number };
type Free = { readonly why: Uncharged | 'hold'; readonly calls: number; readonly seconds: number };

export async function readUsage(visit: Visit<Member>, { month: which }: UsageAsked) {
  const { tx, viewer, now } = visit;
  const { businessId } = viewer;
  const { zone, tier, monthlyMinutesLimit } = await tx.business.findFirstOrThrow({
    where: { id: businessId },
    select: { zone: true, tier: true, monthlyMinutesLimit: true },
  });
  const current = monthOf(now, zone);
  const month = which === 'this' ? current : monthOf(new Date(current.from.getTime() - 1), zone);
  const within = { businessId, startedAt: { gte: month.from, lt: month.to } };
  const counted = await tx.$queryRaw<Day[]>`
    SELECT to_char(started_at AT TIME ZONE ${zone}::text, 'YYYY-MM-DD') AS day, count(*)::int AS calls, sum(seconds_charged)::int AS seconds
    FROM calls WHERE business_id = ${businessId}::uuid AND started_at >= ${month.from} AND started_at < ${month.to}
    GROUP BY 1`;
  const byDay = new Map(counted.map((day) => [day.day, day]));
  const uncharged = await tx.call.groupBy({
    by: ['uncharged'],
    where: { ...within, uncharged: { not: null } },
    _count: { startedAt: true },
    _sum: { secondsUsed: true },
    orderBy: { uncharged: 'asc' },
  });
  const [hold] = await tx.$queryRaw<{ calls: number; seconds: number }[]>`
    SELECT count(*)::int AS calls, coalesce(sum(seconds_used - seconds_charged), 0)::int AS seconds
    FROM calls WHERE business_id = ${businessId}::uuid AND started_at >= ${month.from} AND started_at < ${month.to}
      AND uncharged IS NULL AND seconds_used > seconds_charged`;
  const notices = await tx.usageNotice.findMany({
    where: { businessId, month: month.name, minutesLimit: monthlyMinutesLimit },
    select: { percent: true, noticedAt: true },
    orderBy: { percent: 'asc' },
  });
  const free: Free[] = uncharged.flatMap(({ uncharged: why, _count, _sum }) =>
    why === null ? [] : [{ why, calls: _count.startedAt, seconds: _sum.secondsUsed ?? 0 }],
  );
  if (hold && hold.calls > 0) free.push({ why: 'hold', ...hold });
  return {
    now,
    zone,
    tier,
    which,
    month,
    usage: usageOf(
      counted.reduce((sum, { seconds }) => sum + seconds, 0),
      monthlyMinutesLimit,
    ),
    calls: counted.reduce((sum, { calls }) => sum + calls, 0),
    days: daysOf(month, zone).map((day) => ({
      day,
      calls: byDay.get(day)?.calls ?? 0,
      seconds: byDay.get(day)?.seconds ?? 0,
    })),
    free,
    notices: notices.flatMap(({ percent, noticedAt }) => {
      const known = NOTICE_PERCENTS.find((one): one is NoticePercent => one === percent);
      return known === undefined ? [] : [{ percent: known, at: noticedAt }];
    }),
  };
}
