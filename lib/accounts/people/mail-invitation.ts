/** The mail that asks somebody into a business. */

import { hashOf, newSecret } from '@/lib/accounts/one-time-token';
import type { Job } from '@/lib/jobs/job';
import { env } from '@/lib/platform/env';
import { sendMail } from '@/lib/platform/mail';
import { open } from '@/lib/platform/sealing';
import { invitationMail } from '@/lib/rules/people-mail';

/**
 * The job. The link is made here and nowhere kept but as a hash; it takes the place of the one before it. An invitation
 * that is over by now is not sent.
 */
export async function mailInvitation({ id, payload, asSystem }: Job<'invitation_mail'>): Promise<void> {
  const letter = await asSystem(async (visit) => {
    const wanted = { id: payload.invitationId, acceptedAt: null, withdrawnAt: null, expiresAt: { gt: visit.now } };
    const secret = newSecret();
    const { count } = await visit.tx.invitation.updateMany({ where: wanted, data: { secretHash: hashOf(secret) } });
    if (count === 0) return null;
    const invitation = await visit.tx.invitation.findFirstOrThrow({
      where: { id: payload.invitationId },
      select: { businessId: true, id: true, email: true, role: true, business: { select: { name: true } } },
    });
    visit.record({
      action: 'invitation.read',
      resourceType: 'invitation',
      resourceId: invitation.id,
      businessId: invitation.businessId,
      details: { reason: 'invitation' },
    });
    const { email, role, business } = open('Invitation', invitation);
    return { email, ...invitationMail(business.name, role, `${env().APP_URL}/invitation?token=${secret}`) };
  });
  if (!letter) return;
  const { email, subject, text } = letter;
  await sendMail({ id: `invitation-${id}`, to: email, subject, text });
}
