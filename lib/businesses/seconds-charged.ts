import type { Line, Member, Visit } from '@/lib/platform/visit';
import type { Month } from '@/lib/rules/minutes';

/** Seconds of a month's calls that count towards its minutes. */
export async function secondsCharged(
  { tx, viewer }: Visit<Line | Member>,
  { from, to }: Pick<Month, 'from' | 'to'>,
): Promise<number> {
  const { _sum } = await tx.call.aggregate({
    where: { businessId: viewer.businessId, startedAt: { gte: from, lt: to } },
    _sum: { secondsCharged: true },
  });
  return _sum.secondsCharged ?? 0;
}
