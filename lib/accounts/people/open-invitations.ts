/** Invitations of the viewer's business that are neither accepted nor withdrawn. */
import { Refusal } from '@/lib/platform/errors';
import type { Member, Visit } from '@/lib/platform/visit';
import { mostOpenInvitations } from '@/lib/rules/invitations';

/** Makes changes of one business's invitations take turns, so that what was counted still holds when it is written. */
export async function takeTurns({ tx, viewer }: Visit<Member>): Promise<void> {
  await tx.$queryRaw`SELECT id FROM businesses WHERE id = ${viewer.businessId}::uuid FOR NO KEY UPDATE`;
}

/** The condition by which they are found. */
export const stillOpen = ({ viewer }: Visit<Member>) =>
  ({ businessId: viewer.businessId, acceptedAt: null, withdrawnAt: null }) as const;

/** @throws Refusal where one more would be too many. */
export async function refuseTooMany(visit: Visit<Member>): Promise<void> {
  if ((await visit.tx.invitation.count({ where: stillOpen(visit), select: { id: true } })).id < mostOpenInvitations)
    return;
  throw new Refusal(
    `There are ${mostOpenInvitations} invitations that nobody has accepted yet. Withdraw one first. Nothing was sent.`,
  );
}
