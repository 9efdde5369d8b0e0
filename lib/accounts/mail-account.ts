/** Mails about an account, to its owner alone. */
import type { TokenPurpose } from '@/lib/generated/prisma/enums';
import type { Job } from '@/lib/jobs/job';
import { env } from '@/lib/platform/env';
import { sendMail } from '@/lib/platform/mail';
import { open } from '@/lib/platform/sealing';
import { type AccountMail, accountMail } from '@/lib/rules/account-mail';
import { makeLink } from './one-time-token';

/** Where a mail without a one-time link leads. */
const pages: Partial<Record<AccountMail, string>> = {
  password_changed: '/forgot-password',
  new_device: '/account/security',
  suspended: '/',
  break_glass: '/dashboard/compliance',
};

/** Which mails carry a link, and to what. */
const links = {
  reset_password: 'reset_password',
  unlock: 'unlock',
  password_changed: null,
  new_device: null,
  suspended: null,
  break_glass: null,
  second_factor_on: null,
  second_factor_off: null,
  recovery_codes_new: null,
  recovery_code_used: null,
} as const satisfies Record<AccountMail, TokenPurpose | null>;

/**
 * The job. A link is made here and nowhere kept but as a hash, so each try makes a new one; all of them work. For an
 * account that is not there, or no longer, there is nobody to write to.
 */
export async function mailAccount({ id, payload: { userId, mail }, asSystem }: Job<'account_mail'>): Promise<void> {
  const letter = await asSystem(async (visit) => {
    const user = await visit.tx.user.findUnique({ where: { id: userId }, select: { id: true, email: true } });
    if (!user) return null;
    const { email } = open('User', user);
    visit.record({
      action: 'user.read',
      resourceType: 'user',
      resourceId: userId,
      details: { reason: mail },
    });
    const purpose = links[mail];
    return { email, link: purpose && (await makeLink(visit, userId, purpose)) };
  });
  if (!letter) return;
  const { subject, text } = accountMail(mail, letter.link ?? `${env().APP_URL}${pages[mail] ?? '/'}`);
  await sendMail({ id: `account-${id}`, to: letter.email, subject, text });
}
