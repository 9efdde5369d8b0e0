import { wantJob } from '@/lib/jobs/want-job';
import { newId } from '@/lib/platform/clock';
import { Refusal } from '@/lib/platform/errors';
import { blindIndex, hasIndex, indexColumns, seal } from '@/lib/platform/sealing';
import type { Member, Visit } from '@/lib/platform/visit';
import { invitationEnd, mostInvitationsADay, mostInvitationsADayToOne } from '@/lib/rules/invitations';
import { refuseTooMany, stillOpen, takeTurns } from './open-invitations';

type Wanted = { readonly email: string; readonly role: 'business_owner' | 'staff' };

/**
 * Asks somebody into the viewer's business, by mail. Whether the address has an account makes no difference here.
 *
 * @throws Refusal for somebody who belongs to it or is invited already, and for more than the limits allow.
 */
export async function inviteMember(visit: Visit<Member>, { email, role }: Wanted): Promise<void> {
  const { tx, viewer, now } = visit;
  const { businessId } = viewer;
  const index = blindIndex('email', email);
  const toThem = hasIndex('emailIndex', index);
  await takeTurns(visit);
  const isColleague = await tx.membership.findFirst({
    where: { businessId, user: toThem },
    select: { userId: true },
  });
  if (isColleague) throw not('They can sign in for this business already.');
  const before = await tx.invitation.findFirst({
    where: { ...stillOpen(visit), ...toThem },
    select: { id: true, expiresAt: true },
  });
  if (before && before.expiresAt > now) throw not('They are invited already. You can send it to them again below.');
  if (before)
    await tx.invitation.updateMany({ where: { businessId, id: before.id }, data: { withdrawnAt: before.expiresAt } });
  await refuseTooMany(visit);
  const today = { businessId, createdAt: { gt: new Date(now.getTime() - 86_400_000) } };
  const toOne = await tx.invitation.count({ where: { ...today, ...toThem }, select: { id: true } });
  if (toOne.id >= mostInvitationsADayToOne)
    throw not(`They got ${mostInvitationsADayToOne} invitations in a day. Try again tomorrow.`);
  const toAll = await tx.invitation.count({ where: today, select: { id: true } });
  if (toAll.id >= mostInvitationsADay)
    throw new Refusal(`That were ${mostInvitationsADay} invitations in a day. Try again tomorrow. Nothing was sent.`);

  const id = newId();
  await tx.invitation.createMany({
    data: seal('Invitation', {
      businessId,
      id,
      email,
      ...indexColumns('emailIndex', index),
      role,
      invitedBy: viewer.userId,
      createdAt: now,
      sentAt: now,
      expiresAt: invitationEnd(now),
    }),
  });
  await wantJob(visit, { kind: 'invitation_mail', key: `invitation ${id}`, payload: { invitationId: id } });
  visit.record({ action: 'invitation.create', resourceType: 'invitation', resourceId: id, details: { role } });
}

const not = (why: string) => new Refusal('Please check what is marked. Nothing was sent.', { email: why });
