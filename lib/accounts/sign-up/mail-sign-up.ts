/** The mail that answers a sign-up. Here, where nobody waits, it is looked up whether the address has an account. */

import { makeSignUpLink } from '@/lib/accounts/one-time-token';
import type { Job } from '@/lib/jobs/job';
import { env } from '@/lib/platform/env';
import { sendMail } from '@/lib/platform/mail';
import { blindIndex, hasIndex, open } from '@/lib/platform/sealing';
import { accountMail } from '@/lib/rules/account-mail';

/** The job. For a sign-up that is not there, or over, there is nobody to write to. */
export async function mailSignUp({ id, payload: { signUpId }, asSystem }: Job<'sign_up_mail'>): Promise<void> {
  const letter = await asSystem(async (visit) => {
    const signUp = await visit.tx.signUp.findFirst({
      where: { id: signUpId, expiresAt: { gt: visit.now } },
      select: { id: true, email: true },
    });
    if (!signUp) return null;
    const { email } = open('SignUp', signUp);
    visit.record({ action: 'sign_up.read', resourceType: 'sign_up', resourceId: signUpId });
    const known = await visit.tx.user.findFirst({
      where: hasIndex('emailIndex', blindIndex('email', email)),
      select: { id: true },
    });
    if (known) return { email, mail: 'already_here', link: `${env().APP_URL}/sign-in` } as const;
    return { email, mail: 'confirm_email', link: await makeSignUpLink(visit, signUpId) } as const;
  });
  if (!letter) return;
  await sendMail({ id: `sign-up-${id}`, to: letter.email, ...accountMail(letter.mail, letter.link) });
  // What somebody typed about an account that is not theirs to make is of no more use.
  if (letter.mail === 'already_here')
    await asSystem(async (visit) => {
      await visit.tx.signUp.deleteMany({ where: { id: signUpId } });
      visit.record({ action: 'sign_up.delete', resourceType: 'sign_up', resourceId: signUpId });
    });
}
