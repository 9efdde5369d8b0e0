'use server';

import { z } from 'zod';
import { confirmEmail as confirmEmailUseCase } from '@/lib/accounts/sign-up/confirm-email';
import { resendConfirmation as resendConfirmationUseCase } from '@/lib/accounts/sign-up/sign-up';
import { guestAction } from '@/lib/doors/action';
import { mailAddress } from '@/lib/doors/fields';
import { signInForm } from '@/lib/doors/next-auth';
import { homeOf } from '@/lib/rules/landing';

export const confirmEmail = guestAction({
  input: signInForm.pick({ password: true }).extend({ token: z.string().max(200) }),
  limit: 'anonymous',
  run: confirmEmailUseCase,
  done: ({ sessionId, deviceId, role }) => ({ sessionId, deviceId, redirect: homeOf(role) }),
  keep: [],
});

export const resendConfirmation = guestAction({
  input: z.object({ email: mailAddress }),
  limit: 'anonymous',
  run: resendConfirmationUseCase,
  done: () => ({
    message:
      'If somebody signed up with this e-mail in the last 24 hours, we have sent the link again. Give it a minute before you ask once more.',
  }),
  keep: ['email'],
});
