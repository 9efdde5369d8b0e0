import type { Operator, Visit } from '@/lib/platform/visit';
import { accountOf } from './change-account';

/** Opens an account that wrong passwords had closed, to every browser. @throws NotFound, or Refusal. */
export async function openLock(visit: Visit<Operator>, { id }: { readonly id: string }): Promise<void> {
  const { tx } = visit;
  await accountOf(visit, id);
  await tx.user.updateMany({ where: { id }, data: { failedLoginAttempts: 0, accountLockedUntil: null } });
  await tx.knownDevice.updateMany({ where: { userId: id }, data: { failedLoginAttempts: 0, lockedUntil: null } });
  visit.record({ action: 'account.unlock', resourceType: 'user', resourceId: id });
}
