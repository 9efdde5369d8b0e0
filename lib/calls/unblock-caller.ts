import { NotFound } from '@/lib/platform/errors';
import type { Member, Visit } from '@/lib/platform/visit';
import { callerNumber } from './caller-number';
import { markCaller } from './known-caller';

/** Whoever made a call is answered again. */
export async function unblockCaller(visit: Visit<Member>, { id }: { readonly id: string }): Promise<void> {
  const number = await callerNumber(visit, id);
  if (number !== null) await markCaller(visit, number, null);
  visit.record({ action: 'caller.unblock', resourceType: 'call', resourceId: id });
}

/**
 * The same from the list of the blocked, also where no call of theirs is left.
 *
 * @throws NotFound where they are not on it.
 */
export async function liftBlock({ tx, viewer, record }: Visit<Member>, { id }: { readonly id: string }): Promise<void> {
  const { count } = await tx.knownCaller.deleteMany({ where: { businessId: viewer.businessId, id, mark: 'blocked' } });
  if (count === 0) throw new NotFound();
  record({ action: 'caller.unblock', resourceType: 'known_caller', resourceId: id });
}
