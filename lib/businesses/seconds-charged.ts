import { sql } from '@/lib/platform/sql';
import type { Brief, Line, Member } from '@/lib/platform/visit';
import type { Month } from '@/lib/rules/minutes';

/** Seconds of a month's calls that count towards its minutes. Along an index of what costs something, and of nothing else. */
export async function secondsCharged(
  { ask, viewer }: Brief<Line | Member>,
  { from, to }: Pick<Month, 'from' | 'to'>,
): Promise<number> {
  const [month] = await ask<{ seconds: number }>(sql`
    SELECT coalesce(sum(seconds_charged), 0)::int AS seconds FROM calls
    WHERE business_id = ${viewer.businessId}::uuid AND seconds_charged > 0
      AND started_at >= ${from}::timestamptz AND started_at < ${to}::timestamptz`);
  return month?.seconds ?? 0;
}
