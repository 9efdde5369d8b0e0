'use server';

import { z } from 'zod';
import { resetPassword as resetPasswordUseCase } from '@/lib/accounts/password/reset-password';
import { guestAction } from '@/lib/doors/action';

export const resetPassword = guestAction({
  input: z.object({
    token: z.string().max(200),
    password: z.string().min(1, 'Type a new password.').max(1024, 'That is too long for a password.'),
  }),
  limit: 'anonymous',
  run: resetPasswordUseCase,
  done: () => ({ redirect: '/sign-in?after=reset' }),
  keep: [],
});
