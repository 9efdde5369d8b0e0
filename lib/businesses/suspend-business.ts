import { NotFound, Refusal } from '@/lib/platform/errors';
import type { Operator, Visit } from '@/lib/platform/visit';

/**
 * Suspends a business: nobody enters it, from the next request on. Its people keep their accounts, and its callers are
 * still greeted and can leave a message (docs/decisions/018-what-an-admin-may.md).
 *
 * @throws NotFound, or Refusal.
 */
export async function suspendBusiness(visit: Visit<Operator>, { id }: { readonly id: string }): Promise<void> {
  await change(visit, id, visit.now, 'This business is suspended already.');
  visit.record({ action: 'business.suspend', resourceType: 'business', resourceId: id, businessId: id });
}

/** Lets its people in again, and its calls go as configured. @throws NotFound, or Refusal. */
export async function reinstateBusiness(visit: Visit<Operator>, { id }: { readonly id: string }): Promise<void> {
  await change(visit, id, null, 'This business is not suspended.');
  visit.record({ action: 'business.reinstate', resourceType: 'business', resourceId: id, businessId: id });
}

async function change({ tx }: Visit<Operator>, id: string, suspendedAt: Date | null, already: string): Promise<void> {
  const business = await tx.business.findFirst({ where: { id }, select: { suspendedAt: true } });
  if (!business) throw new NotFound();
  if ((business.suspendedAt === null) === (suspendedAt === null)) throw new Refusal(already);
  await tx.business.updateMany({ where: { id }, data: { suspendedAt } });
}
