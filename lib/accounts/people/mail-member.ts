/** Mails about a place in a business, to whom it concerns. */
import type { Job } from '@/lib/jobs/job';
import { wantJob } from '@/lib/jobs/want-job';
import { newId } from '@/lib/platform/clock';
import { env } from '@/lib/platform/env';
import { sendMail } from '@/lib/platform/mail';
import { open } from '@/lib/platform/sealing';
import type { Member, Visit } from '@/lib/platform/visit';
import { type MemberMail, memberMail } from '@/lib/rules/people-mail';

/** Where each of them leads. */
const pages = {
  removed: '/account',
  left: '/account/security',
  now_staff: '/dashboard',
  now_owner: '/dashboard',
} as const satisfies Record<MemberMail, string>;

/** Wants somebody told what has become of their place in the viewer's business. */
export const wantMemberTold = (visit: Visit<Member>, userId: string, mail: MemberMail): Promise<void> =>
  wantJob(visit, {
    kind: 'member_mail',
    key: `${mail} ${userId} ${newId()}`,
    payload: { userId, businessId: visit.viewer.businessId, mail },
  });

/** The job. Where account or business is gone by now, there is nothing to say. */
export async function mailMember({ id, payload, asSystem }: Job<'member_mail'>): Promise<void> {
  const { userId, businessId, mail } = payload;
  const about = await asSystem(async (visit) => {
    const user = await visit.tx.user.findUnique({ where: { id: userId }, select: { id: true, email: true } });
    const business = await visit.tx.business.findUnique({ where: { id: businessId }, select: { name: true } });
    if (!user || !business) return null;
    visit.record({ action: 'user.read', resourceType: 'user', resourceId: userId, details: { reason: mail } });
    return { email: open('User', user).email, business: business.name };
  });
  if (!about) return;
  const { subject, text } = memberMail(mail, about.business, `${env().APP_URL}${pages[mail]}`);
  await sendMail({ id: `member-${id}`, to: about.email, subject, text });
}
