'use server';

import { z } from 'zod';
import { keepEmail as keepEmailUseCase } from '@/lib/accounts/change-email';
import { guestAction } from '@/lib/doors/action';

export const keepEmail = guestAction({
  input: z.object({ token: z.string().max(200) }),
  limit: 'anonymous',
  run: keepEmailUseCase,
  done: () => ({ redirect: '/sign-in?after=keep-email' }),
  keep: [],
});
