/** The mails about a change of address: to the new one before it, to the old one after it. */
import type { Job } from '@/lib/jobs/job';
import { env } from '@/lib/platform/env';
import { sendMail } from '@/lib/platform/mail';
import { blindIndex, hasIndex, open } from '@/lib/platform/sealing';
import { accountMail } from '@/lib/rules/account-mail';
import { makeEmailChangeLink } from './one-time-token';

/** The job. Where the new address is somebody's already, they hear that they have an account, and get no link. */
export async function mailEmailChange({ id, payload, asSystem }: Job<'email_change_mail'>): Promise<void> {
  const letter = await asSystem(async (visit) => {
    const change = await visit.tx.emailChange.findUnique({
      where: { id: payload.emailChangeId },
      select: { id: true, userId: true, oldEmail: true, newEmail: true },
    });
    if (!change) return null;
    const { userId, oldEmail, newEmail } = open('EmailChange', change);
    visit.record({ action: 'user.read', resourceType: 'user', resourceId: userId, details: { reason: payload.mail } });
    if (payload.mail === 'email_changed')
      return { mail: payload.mail, to: oldEmail, link: await makeEmailChangeLink(visit, change, 'keep_email') };
    const taken = await visit.tx.user.findFirst({
      where: hasIndex('emailIndex', blindIndex('email', newEmail)),
      select: { id: true },
    });
    if (taken) return { mail: 'already_here', to: newEmail, link: `${env().APP_URL}/sign-in` } as const;
    return { mail: payload.mail, to: newEmail, link: await makeEmailChangeLink(visit, change, 'change_email') };
  });
  if (letter) await sendMail({ id: `email-change-${id}`, to: letter.to, ...accountMail(letter.mail, letter.link) });
}
