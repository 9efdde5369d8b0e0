import { wantJob } from '@/lib/jobs/want-job';
import { newId } from '@/lib/platform/clock';
import { Refusal } from '@/lib/platform/errors';
import type { Operator, Visit } from '@/lib/platform/visit';
import { accountOf, endSessionsOf, unlessLastAdmin } from './change-account';

/**
 * Suspends an account: every session of it ends here, and no new one begins. Its owner hears of it by mail, since at
 * sign-in they are told no more than a stranger.
 *
 * @throws NotFound, or Refusal.
 */
export async function suspendAccount(visit: Visit<Operator>, { id }: { readonly id: string }): Promise<void> {
  const { tx, now } = visit;
  const { suspendedAt } = await accountOf(visit, id);
  if (suspendedAt !== null) throw new Refusal('This account is suspended already.');
  await unlessLastAdmin(tx.user.updateMany({ where: { id }, data: { suspendedAt: now } }));
  await endSessionsOf(visit, id);
  await wantJob(visit, {
    kind: 'account_mail',
    key: `suspended ${newId()}`,
    payload: { userId: id, mail: 'suspended' },
  });
  visit.record({ action: 'account.suspend', resourceType: 'user', resourceId: id });
}
