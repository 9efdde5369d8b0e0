import type { Operator, Visit } from '@/lib/platform/visit';
import { accountOf, endSessionsOf } from './change-account';

/** Ends every session of an account, wherever it is open. @throws NotFound, or Refusal. */
export async function signOutSomebody(visit: Visit<Operator>, { id }: { readonly id: string }): Promise<void> {
  await accountOf(visit, id);
  await endSessionsOf(visit, id);
  visit.record({ action: 'session.revoke', resourceType: 'user', resourceId: id });
}
