import { zoneOf } from '@/lib/businesses/zone-of';
import { open } from '@/lib/platform/sealing';
import type { Person, Visit } from '@/lib/platform/visit';
import { mostOwned } from '@/lib/rules/first-business';

/** Who the viewer is, and the businesses they work for. */
export async function readAccount(visit: Visit<Person>) {
  const { tx, viewer, now } = visit;
  const user = await tx.user.findFirstOrThrow({
    where: { id: viewer.userId },
    select: { id: true, name: true, email: true, createdAt: true, lastLogin: true },
  });
  visit.record({ action: 'user.read', resourceType: 'user', resourceId: viewer.userId });
  const memberships = await tx.membership.findMany({
    where: { userId: viewer.userId },
    select: { role: true, business: { select: { id: true, name: true, suspendedAt: true } } },
    orderBy: [{ createdAt: 'asc' }, { businessId: 'asc' }],
  });
  const owned = memberships.filter(({ role }) => role === 'business_owner').length;
  const { name, email, createdAt, lastLogin } = open('User', user);
  return {
    now,
    zone: await zoneOf(visit),
    name,
    email,
    createdAt,
    lastSignInAt: lastLogin,
    canAdd: viewer.role === 'admin' ? null : owned < mostOwned ? ('yes' as const) : ('owns enough' as const),
    businesses: memberships.map(({ role, business: { suspendedAt, ...business } }) => ({
      ...business,
      role,
      suspended: suspendedAt !== null,
      open: business.id === viewer.businessId,
    })),
  };
}
