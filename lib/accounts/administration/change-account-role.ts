import type { AccountRole } from '@/lib/generated/prisma/enums';
import { Refusal } from '@/lib/platform/errors';
import type { Operator, Visit } from '@/lib/platform/visit';
import { accountOf, endSessionsOf, unlessLastAdmin } from './change-account';

/**
 * Makes somebody an admin, or an admin an ordinary user. Counts from their next request on: their sessions end here, and
 * whoever signs in again comes with the new role. Who belongs to a business runs no platform.
 *
 * @throws NotFound, or Refusal.
 */
export async function changeAccountRole(
  visit: Visit<Operator>,
  { id, role }: { readonly id: string; readonly role: AccountRole },
): Promise<void> {
  const { tx } = visit;
  const account = await accountOf(visit, id);
  if (account.role === role) throw new Refusal('They have this role already.');
  if (role === 'admin') {
    if (account.suspendedAt !== null) throw new Refusal('This account is suspended. Lift that first.');
    const member = await tx.membership.findFirst({ where: { userId: id }, select: { userId: true } });
    if (member)
      throw new Refusal(
        'They belong to a business, and an admin belongs to none. They have to leave it first, or use another account.',
      );
  }
  await unlessLastAdmin(tx.user.updateMany({ where: { id }, data: { role } }));
  await endSessionsOf(visit, id);
  visit.record({ action: 'account.update', resourceType: 'user', resourceId: id, details: { fields: ['role'] } });
}
