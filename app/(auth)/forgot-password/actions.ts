'use server';

import { z } from 'zod';
import { askForReset as askForResetUseCase } from '@/lib/accounts/ask-for-reset';
import { guestAction } from '@/lib/doors/action';
import { isMailAddress } from '@/lib/rules/mail-address';

export const askForReset = guestAction({
  input: z.object({
    email: z.string().trim().min(1, 'Type your e-mail.').refine(isMailAddress, 'This is not an e-mail address.'),
  }),
  limit: 'anonymous',
  run: askForResetUseCase,
  done: () => ({
    message:
      'If there is an account with this e-mail, we have sent it a link. It works once, and for 30 minutes. Nothing there after a few minutes? Look in the spam folder, or check the address.',
  }),
  keep: ['email'],
});
