import type { Operator, Visit } from '@/lib/platform/visit';
import { minutesFrom, monthOf } from '@/lib/rules/minutes';

export type Usage = { readonly calls: number; readonly minutes: number };

/** Calls and charged minutes of this month, each business's month in its own zone. The operator counts; callers stay unread. */
export async function usageOf(
  { tx, now }: Visit<Operator>,
  businesses: readonly { readonly id: string; readonly zone: string }[],
): Promise<ReadonlyMap<string, Usage>> {
  const usage = new Map<string, Usage>();
  for (const zone of new Set(businesses.map((business) => business.zone))) {
    const { from, to } = monthOf(now, zone);
    const group = businesses.filter((business) => business.zone === zone);
    const sums = await tx.call.groupBy({
      by: ['businessId'],
      where: { businessId: { in: group.map(({ id }) => id) }, startedAt: { gte: from, lt: to } },
      _count: { startedAt: true },
      _sum: { secondsCharged: true },
    });
    for (const { businessId, _count, _sum } of sums)
      usage.set(businessId, { calls: _count.startedAt, minutes: minutesFrom([_sum.secondsCharged ?? 0]) });
  }
  return usage;
}
