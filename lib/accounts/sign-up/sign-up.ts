/** Somebody new begins here, and becomes somebody by opening the link that is sent to them (confirm-email.ts). */

import { captchaProblem, passCaptcha } from '@/lib/accounts/sign-in/pass-captcha';
import type { GuestDesk } from '@/lib/accounts/sign-in/sign-in';
import { wantJob } from '@/lib/jobs/want-job';
import { newId } from '@/lib/platform/clock';
import { Refusal, TooMany } from '@/lib/platform/errors';
import { hashPassword } from '@/lib/platform/password';
import { countTry } from '@/lib/platform/rate-limit';
import { type BlindIndex, blindIndex, hasIndex, indexColumns, indexWords, seal } from '@/lib/platform/sealing';
import type { Guest, Visit } from '@/lib/platform/visit';
import { passwordProblem } from '@/lib/rules/password';
import { confirmHours, signUpMails } from '@/lib/rules/sign-up';

type SignUp = {
  readonly email: string;
  readonly name: string;
  readonly password: string;
  /** The business to begin with; null for somebody who wants an account and none. */
  readonly business: { readonly name: string; readonly zone: string } | null;
  /** What the browser worked out. */
  readonly captcha: string;
};

/**
 * Writes a sign-up down and wants its mail. Whether the address has an account is not even asked: only the worker that
 * sends the mail looks, and tells its owner so. The same steps, the same hash and the same answer for all.
 *
 * @throws Refusal beside the field that must change; TooMany never for the address alone, which would tell of others.
 */
export async function signUp(desk: GuestDesk, { email, name, password, business, captcha }: SignUp): Promise<void> {
  const problem = passwordProblem(password, [email, name, business?.name ?? '']);
  if (problem !== null) throw new Refusal('Please check what is marked.', { password: problem });
  const index = blindIndex('email', email);
  if (!(await passCaptcha(desk, captcha))) {
    await desk.enter(async (visit) =>
      visit.record({
        action: 'sign_up.deny',
        resourceType: 'sign_up',
        details: { reason: 'captcha', emailIndex: indexWords(index) },
      }),
    );
    throw new Refusal('We have not made an account yet.', { captcha: captchaProblem });
  }
  const isMailed = await mayMail(index);
  const passwordHash = await hashPassword(password);
  const id = newId();
  await desk.enter(async (visit) => {
    const { tx, now } = visit;
    await tx.signUp.deleteMany({ where: { expiresAt: { lt: now } } });
    await tx.signUp.createMany({
      data: {
        ...seal('SignUp', { id, email, name }),
        ...indexColumns('emailIndex', index),
        passwordHash,
        businessName: business?.name ?? null,
        zone: business?.zone ?? null,
        createdAt: now,
        expiresAt: new Date(now.getTime() + confirmHours * 3_600_000),
      },
    });
    if (isMailed) await wantMail(visit, id);
    visit.record({
      action: 'sign_up.create',
      resourceType: 'sign_up',
      resourceId: id,
      details: { emailIndex: indexWords(index) },
    });
  });
}

/** Wants the mail of a sign-up once more. Where none waits at the address, the same steps are taken for nobody. */
export async function resendConfirmation(desk: GuestDesk, { email }: { readonly email: string }): Promise<void> {
  const index = blindIndex('email', email);
  const isMailed = await mayMail(index);
  await desk.enter(async (visit) => {
    const waiting = await visit.tx.signUp.findFirst({
      where: { ...hasIndex('emailIndex', index), expiresAt: { gt: visit.now } },
      select: { id: true },
      orderBy: { createdAt: 'desc' },
    });
    if (isMailed) await wantMail(visit, waiting?.id ?? newId());
    visit.record({ action: 'sign_up.ask', resourceType: 'sign_up', details: { emailIndex: indexWords(index) } });
  });
}

/** Once a minute: pressed again and again, it is sent once. */
function wantMail(visit: Visit<Guest>, signUpId: string): Promise<void> {
  const slot = Math.floor(visit.now.getTime() / 60_000);
  return wantJob(visit, { kind: 'sign_up_mail', key: `sign-up ${signUpId} ${slot}`, payload: { signUpId } });
}

/** Whether the address may be written to again. Who asks is not told: it says what others have asked for. */
async function mayMail(index: BlindIndex): Promise<boolean> {
  try {
    await countTry(signUpMails, Buffer.from(index.a).toString('hex'));
    return true;
  } catch (error) {
    if (error instanceof TooMany) return false;
    throw error;
  }
}
