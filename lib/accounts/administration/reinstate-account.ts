import { Refusal } from '@/lib/platform/errors';
import type { Operator, Visit } from '@/lib/platform/visit';
import { accountOf } from './change-account';

/** Lifts a suspension: its owner may sign in again. @throws NotFound, or Refusal. */
export async function reinstateAccount(visit: Visit<Operator>, { id }: { readonly id: string }): Promise<void> {
  const { suspendedAt } = await accountOf(visit, id);
  if (suspendedAt === null) throw new Refusal('This account is not suspended.');
  await visit.tx.user.updateMany({ where: { id }, data: { suspendedAt: null } });
  visit.record({ action: 'account.reinstate', resourceType: 'user', resourceId: id });
}
