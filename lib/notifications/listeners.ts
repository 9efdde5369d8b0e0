import type { Line, Member, System, Visit } from '@/lib/platform/visit';
import { choiceOf, inOrder } from '@/lib/rules/telling';

/** Who may be told of a business's calls, by which ways and of what, in the order in which urgent calls go round. */
export async function listenersOf({ tx }: Visit<Line | Member | System>, businessId: string) {
  const members = await tx.membership.findMany({
    where: { businessId },
    select: {
      userId: true,
      role: true,
      createdAt: true,
      turn: true,
      mailAbout: true,
      textAbout: true,
      user: { select: { mobileNumbers: { where: { verifiedAt: { not: null } }, select: { id: true } } } },
    },
  });
  return inOrder(members).map(({ userId, role, user, ...chosen }) => {
    const hasMobile = user.mobileNumbers.length > 0;
    return { userId, role, hasMobile, ...choiceOf(role, chosen, hasMobile) };
  });
}
