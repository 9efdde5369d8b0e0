import type { Operator, Visit } from '@/lib/platform/visit';

type Figures = {
  readonly businesses: number;
  readonly users: number;
  readonly businessesSuspended: number;
  readonly usersSuspended: number;
  readonly usersLocked: number;
  readonly admins: number;
  readonly looksOpen: number;
  readonly callsToday: number;
  readonly jobsWaiting: number;
  readonly jobsDead: number;
  readonly oldestJobWaiting: Date | null;
};

/**
 * The platform in figures. Calls are counted by when they began, since midnight UTC: the operator may read no other
 * column of them.
 */
export async function readPlatform({ tx, now }: Visit<Operator>) {
  const midnight = new Date(Math.floor(now.getTime() / 86_400_000) * 86_400_000);
  const [figures] = await tx.$queryRaw<Figures[]>`
    SELECT
      (SELECT count(id)::int FROM businesses) AS "businesses",
      (SELECT count(id)::int FROM users) AS "users",
      (SELECT count(id)::int FROM businesses WHERE suspended_at IS NOT NULL) AS "businessesSuspended",
      (SELECT count(id)::int FROM users WHERE suspended_at IS NOT NULL) AS "usersSuspended",
      (SELECT count(id)::int FROM users WHERE account_locked_until > ${now}) AS "usersLocked",
      (SELECT count(id)::int FROM users WHERE role = 'admin' AND suspended_at IS NULL) AS "admins",
      (SELECT count(id)::int FROM access_grants WHERE ended_at IS NULL AND expires_at > ${now}
        AND grant_broken_off(business_id, id, ${now}) IS NULL) AS "looksOpen",
      (SELECT count(started_at)::int FROM calls WHERE started_at >= ${midnight}) AS "callsToday",
      (SELECT count(id)::int FROM jobs WHERE done_at IS NULL AND dead_at IS NULL AND held_at IS NULL) AS "jobsWaiting",
      (SELECT count(id)::int FROM jobs WHERE dead_at IS NOT NULL) AS "jobsDead",
      (SELECT min(run_at) FROM jobs WHERE done_at IS NULL AND dead_at IS NULL AND held_at IS NULL) AS "oldestJobWaiting"`;
  if (!figures) throw new Error('the figures are one row');
  return { now, ...figures };
}
