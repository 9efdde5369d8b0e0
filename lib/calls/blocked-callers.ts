import { open } from '@/lib/platform/sealing';
import type { Member, Visit } from '@/lib/platform/visit';

/** As many as one looks through. */
const most = 200;

/** Who is blocked, newest first. Whoever calls this records the ids of what was opened. */
export async function blockedCallers({ tx, viewer }: Visit<Member>) {
  const blocked = await tx.knownCaller.findMany({
    where: { businessId: viewer.businessId, mark: 'blocked' },
    select: { businessId: true, id: true, number: true, markedAt: true },
    orderBy: [{ markedAt: 'desc' }, { id: 'desc' }],
    take: most,
  });
  return blocked.map((caller) => {
    const { id, number, markedAt } = open('KnownCaller', caller);
    return { id, number, since: markedAt };
  });
}
