import { secondsCharged } from '@/lib/businesses/seconds-charged';
import { wantJob } from '@/lib/jobs/want-job';
import { newId } from '@/lib/platform/clock';
import { list, sql } from '@/lib/platform/sql';
import type { Brief, Line } from '@/lib/platform/visit';
import { monthOf, noticesDue, usageOf } from '@/lib/rules/minutes';

/**
 * Wants the owners told where the month of a call has come to 80 % or 100 % of its minutes: once each, and again only where
 * the limit is another one. Where both are reached at once, the first is noted and not told.
 */
export async function wantUsageTold(visit: Brief<Line>, startedAt: Date): Promise<void> {
  const { ask, viewer, now } = visit;
  const { businessId } = viewer;
  const [business] = await ask<{ zone: string; minutesLimit: number }>(sql`
    SELECT zone, monthly_minutes_limit AS "minutesLimit" FROM businesses WHERE id = ${businessId}::uuid`);
  if (!business) throw new Error('a business cannot be read by its own line');
  const { zone, minutesLimit } = business;
  const month = monthOf(startedAt, zone);
  const due = noticesDue(usageOf(await secondsCharged(visit, month), minutesLimit));
  const percent = due.at(-1);
  if (percent === undefined) return;
  const news = await ask<{ percent: number }>(sql`
    INSERT INTO usage_notices (business_id, month, percent, minutes_limit, noticed_at)
    VALUES ${list(due.map((each) => sql`(${businessId}::uuid, ${month.name}, ${each}::int, ${minutesLimit}::int, ${now}::timestamptz)`))}
    ON CONFLICT DO NOTHING RETURNING percent`);
  if (!news.some((notice) => notice.percent === percent)) return;
  const owners = await ask<{ userId: string }>(sql`
    SELECT user_id AS "userId" FROM memberships WHERE business_id = ${businessId}::uuid AND role = 'business_owner'`);
  for (const { userId } of owners) {
    await wantJob(visit, {
      kind: 'usage_mail',
      key: `usage-mail ${newId()}`,
      payload: { userId, month: month.name, percent: `${percent}` as const },
    });
  }
}
