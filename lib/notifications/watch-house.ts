/** What nobody's request would tell the operator of: looked for each time the clock sweeps, told once an hour. */
import { wantJob } from '@/lib/jobs/want-job';
import { limitStoreAway } from '@/lib/platform/rate-limit';
import type { System, Visit } from '@/lib/platform/visit';
import type { Alert } from '@/lib/rules/alerts';
import { closedInWave, lockMinutes, waveMinutes } from '@/lib/rules/lockout';

type AsSystem = <T>(run: (visit: Visit<System>) => Promise<T>) => Promise<T>;

/** Looks whether the limiter's store is away, and whether many accounts were closed by failed sign-ins at about the same time. */
export async function watchHouse(asSystem: AsSystem): Promise<void> {
  const away = await limitStoreAway();
  await asSystem(async (visit) => {
    if (away !== null) await want(visit, 'limiter_away', away);
    if ((await closedOfLate(visit)) >= closedInWave) await want(visit, 'lockout_wave', 'sign-in');
  });
}

/** Accounts that are closed since a few minutes, those included that are nobody's: a wave tries addresses as they come. */
async function closedOfLate({ tx, now }: Visit<System>): Promise<number> {
  // A lock says when it ends.
  const endsAfter = new Date(now.getTime() + (lockMinutes - waveMinutes) * 60_000);
  const since = new Date(now.getTime() - waveMinutes * 60_000);
  const accounts = await tx.user.count({ where: { accountLockedUntil: { gt: endsAfter } } });
  const others = await tx.unknownSignIn.count({
    where: { accountLockedUntil: { gt: endsAfter }, updatedAt: { gte: since } },
  });
  return accounts + others;
}

function want(
  visit: Visit<System>,
  alert: Alert,
  reference: 'postgres' | 'redis' | 'upstash' | 'sign-in',
): Promise<void> {
  const hour = visit.now.toISOString().slice(0, 13);
  return wantJob(visit, { kind: 'alert', key: `alert ${alert} ${hour}`, payload: { alert, reference } });
}
