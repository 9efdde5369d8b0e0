import { secondsCharged } from '@/lib/businesses/seconds-charged';
import { wantJob } from '@/lib/jobs/want-job';
import { newId } from '@/lib/platform/clock';
import type { Line, Visit } from '@/lib/platform/visit';
import { monthOf, noticesDue, usageOf } from '@/lib/rules/minutes';

/**
 * Wants the owners told where the month of a call has come to 80 % or 100 % of its minutes: once each, and again only where
 * the limit is another one. Where both are reached at once, the first is noted and not told.
 */
export async function wantUsageTold(visit: Visit<Line>, startedAt: Date): Promise<void> {
  const { tx, viewer, now } = visit;
  const { businessId } = viewer;
  const { zone, monthlyMinutesLimit: minutesLimit } = await tx.business.findFirstOrThrow({
    where: { id: businessId },
    select: { zone: true, monthlyMinutesLimit: true },
  });
  const month = monthOf(startedAt, zone);
  const due = noticesDue(usageOf(await secondsCharged(visit, month), minutesLimit));
  let isNews = false;
  for (const percent of due) {
    const { count } = await tx.usageNotice.createMany({
      data: { businessId, month: month.name, percent, minutesLimit, noticedAt: now },
      skipDuplicates: true,
    });
    isNews = count > 0;
  }
  const percent = due.at(-1);
  if (percent === undefined || !isNews) return;
  const owners = await tx.membership.findMany({
    where: { businessId, role: 'business_owner' },
    select: { userId: true },
  });
  for (const { userId } of owners) {
    await wantJob(visit, {
      kind: 'usage_mail',
      key: `usage-mail ${newId()}`,
      payload: { userId, month: month.name, percent: `${percent}` as const },
    });
  }
}
