import { zoneOf } from '@/lib/businesses/zone-of';
import { open } from '@/lib/platform/sealing';
import type { Member, Visit } from '@/lib/platform/visit';
import { maySendAgain } from '@/lib/rules/invitations';
import { stillOpen } from './open-invitations';

/** Who may sign in for the viewer's business, longest there first; and who is invited, newest first. */
export async function listMembers(visit: Visit<Member>) {
  const { tx, viewer, now } = visit;
  const memberships = await tx.membership.findMany({
    where: { businessId: viewer.businessId },
    select: {
      role: true,
      createdAt: true,
      user: { select: { id: true, name: true, email: true, twoFactorEnabled: true, lastLogin: true } },
    },
    orderBy: [{ createdAt: 'asc' }, { userId: 'asc' }],
  });
  const invitations = await tx.invitation.findMany({
    where: stillOpen(visit),
    select: { businessId: true, id: true, email: true, role: true, sentAt: true, expiresAt: true },
    orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
  });
  visit.record({
    action: 'membership.read',
    resourceType: 'membership',
    details: { ids: [...memberships.map(({ user }) => user.id), ...invitations.map(({ id }) => id)] },
  });
  return {
    now,
    zone: await zoneOf(visit),
    members: memberships.map(({ role, createdAt, user }) => {
      const { id, name, email, twoFactorEnabled, lastLogin } = open('User', user);
      const isYou = id === viewer.userId;
      return { id, name, email, role, hasSecondFactor: twoFactorEnabled, lastSignInAt: lastLogin, createdAt, isYou };
    }),
    invitations: invitations.map((invitation) => {
      const { id, email, role, sentAt, expiresAt } = open('Invitation', invitation);
      return { id, email, role, sentAt, expiresAt, isOver: expiresAt <= now, maySend: maySendAgain(sentAt, now) };
    }),
  };
}
