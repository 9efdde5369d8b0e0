'use server';

import { z } from 'zod';
import { askForReset as askForResetUseCase } from '@/lib/accounts/password/ask-for-reset';
import { guestAction } from '@/lib/doors/action';
import { mailAddress } from '@/lib/doors/fields';

export const askForReset = guestAction({
  input: z.object({ email: mailAddress }),
  limit: 'anonymous',
  run: askForResetUseCase,
  done: () => ({
    message:
      'If there is an account with this e-mail, we have sent it a link. It works once, and for 30 minutes. Nothing there after a few minutes? Look in the spam folder, or check the address.',
  }),
  keep: ['email'],
});
