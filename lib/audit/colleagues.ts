import { open } from '@/lib/platform/sealing';
import type { Member, Visit } from '@/lib/platform/visit';

type Named = { readonly id: string; readonly name: string };

/**
 * The people of the business, by name, and after them the admins who have looked at its calls. Whoever has left is nobody
 * here: the trail keeps their id.
 */
export async function colleagues({ tx, viewer: { businessId } }: Visit<Member>): Promise<Named[]> {
  const members = await tx.membership.findMany({
    where: { businessId },
    select: { user: { select: { id: true, name: true } } },
    orderBy: [{ createdAt: 'asc' }, { userId: 'asc' }],
  });
  const grants = await tx.accessGrant.findMany({
    where: { businessId },
    select: { userId: true },
    distinct: ['userId'],
  });
  const admins = await tx.user.findMany({
    where: { id: { in: grants.map(({ userId }) => userId), notIn: members.map(({ user }) => user.id) } },
    select: { id: true, name: true },
    orderBy: { id: 'asc' },
  });
  return [
    ...members.map(({ user }) => ({ id: user.id, name: open('User', user).name })),
    ...admins.map((admin) => ({ id: admin.id, name: `${open('User', admin).name} (AfterCallPro)` })),
  ];
}
