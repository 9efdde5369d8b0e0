/** What nobody's request would tell the operator of: looked for each time the clock sweeps, told once an hour. */
import { wantAlert } from '@/lib/jobs/want-alert';
import { limitStoreAway } from '@/lib/platform/rate-limit';
import type { System, Visit } from '@/lib/platform/visit';
import { closedInWave, lockMinutes, waveMinutes } from '@/lib/rules/lockout';

type AsSystem = <T>(run: (visit: Visit<System>) => Promise<T>) => Promise<T>;

/** Looks whether the limiter's store is away, and whether many accounts were closed by failed sign-ins at about the same time. */
export async function watchHouse(asSystem: AsSystem): Promise<void> {
  const away = await limitStoreAway();
  await asSystem(async (visit) => {
    if (away !== null)
      await wantAlert(visit, { alert: 'limiter_away', reference: away, about: 'limiter_away', each: 'hour' });
    if ((await closedOfLate(visit)) >= closedInWave)
      await wantAlert(visit, { alert: 'lockout_wave', reference: 'sign-in', about: 'lockout_wave', each: 'hour' });
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
