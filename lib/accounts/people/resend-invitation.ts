import { wantJob } from '@/lib/jobs/want-job';
import { NotFound, Refusal } from '@/lib/platform/errors';
import type { Member, Visit } from '@/lib/platform/visit';
import { invitationEnd, maySendAgain, minutesBetweenSendings } from '@/lib/rules/invitations';
import { stillOpen } from './open-invitations';

/**
 * Sends an invitation again, with a new link and all its days. The link before it stops working at once.
 *
 * @throws NotFound for one that is over or another business's; Refusal where it was sent a moment ago.
 */
export async function resendInvitation(visit: Visit<Member>, { id }: { readonly id: string }): Promise<void> {
  const { tx, now } = visit;
  const invitation = await tx.invitation.findFirst({ where: { ...stillOpen(visit), id }, select: { sentAt: true } });
  if (!invitation) throw new NotFound();
  if (!maySendAgain(invitation.sentAt, now)) throw tooSoon();
  const { count } = await tx.invitation.updateMany({
    where: { ...stillOpen(visit), id, sentAt: invitation.sentAt },
    data: { sentAt: now, expiresAt: invitationEnd(now), secretHash: null },
  });
  if (count === 0) throw tooSoon(); // somebody else has, at the same time
  await wantJob(visit, {
    kind: 'invitation_mail',
    key: `invitation ${id} ${now.getTime()}`,
    payload: { invitationId: id },
  });
  visit.record({ action: 'invitation.send', resourceType: 'invitation', resourceId: id });
}

const tooSoon = () => new Refusal(`It was sent less than ${minutesBetweenSendings} minutes ago. Nothing was sent now.`);
