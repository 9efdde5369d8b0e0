import type { Person, Visit } from '@/lib/platform/visit';

/** The business that the viewer is in and may want to leave; `null` where they are in none. */
export async function readLeaving({ tx, viewer }: Visit<Person>) {
  const { businessId, userId } = viewer;
  if (businessId === null) return null;
  const { name } = await tx.business.findFirstOrThrow({ where: { id: businessId }, select: { name: true } });
  const otherOwners = await tx.membership.count({
    where: { businessId, role: 'business_owner', userId: { not: userId } },
  });
  return { id: businessId, name, isLastOwner: viewer.role === 'business_owner' && otherOwners === 0 };
}
