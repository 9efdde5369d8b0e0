'use server';

import { z } from 'zod';
import { confirmEmail as confirmEmailUseCase } from '@/lib/accounts/confirm-email';
import { resendConfirmation as resendConfirmationUseCase } from '@/lib/accounts/sign-up';
import { guestAction } from '@/lib/doors/action';
import { mailAddress } from '@/lib/doors/fields';

export const confirmEmail = guestAction({
  input: z.object({ token: z.string().max(200) }),
  limit: 'anonymous',
  run: confirmEmailUseCase,
  done: () => ({ redirect: '/sign-in?after=confirm' }),
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
