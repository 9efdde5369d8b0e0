import { zoneOf } from '@/lib/businesses/zone-of';
import { NotFound } from '@/lib/platform/errors';
import { open } from '@/lib/platform/sealing';
import type { Member, Visit } from '@/lib/platform/visit';

/**
 * One of those who may sign in for the viewer's business, and what can be done about it.
 *
 * @throws NotFound for somebody who does not belong to it.
 */
export async function readMember(visit: Visit<Member>, { id }: { readonly id: string }) {
  const { tx, viewer, now } = visit;
  const { businessId } = viewer;
  const membership = await tx.membership.findFirst({
    where: { businessId, userId: id },
    select: {
      role: true,
      createdAt: true,
      user: { select: { id: true, name: true, email: true, twoFactorEnabled: true, lastLogin: true } },
      business: { select: { name: true } },
    },
  });
  if (!membership) throw new NotFound();
  const owners = await tx.membership.count({ where: { businessId, role: 'business_owner' } });
  visit.record({ action: 'membership.read', resourceType: 'membership', resourceId: id });
  const { name, email, twoFactorEnabled, lastLogin } = open('User', membership.user);
  const { role, createdAt } = membership;
  return {
    now,
    zone: await zoneOf(visit),
    businessName: membership.business.name,
    id,
    name,
    email,
    role,
    hasSecondFactor: twoFactorEnabled,
    lastSignInAt: lastLogin,
    createdAt,
    isYou: id === viewer.userId,
    isLastOwner: role === 'business_owner' && owners === 1,
  };
}
