import { open } from '@/lib/platform/sealing';
import type { Member, Visit } from '@/lib/platform/visit';

/** The people of the business, by name. Whoever has left is nobody here: the trail keeps their id. */
export async function colleagues({ tx, viewer }: Visit<Member>): Promise<{ id: string; name: string }[]> {
  const members = await tx.membership.findMany({
    where: { businessId: viewer.businessId },
    select: { user: { select: { id: true, name: true } } },
    orderBy: [{ createdAt: 'asc' }, { userId: 'asc' }],
  });
  return members.map(({ user }) => {
    const { id, name } = open('User', user);
    return { id, name };
  });
}
