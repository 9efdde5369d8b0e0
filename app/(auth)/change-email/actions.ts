'use server';

import { z } from 'zod';
import { changeEmail as changeEmailUseCase } from '@/lib/accounts/change-email';
import { guestAction } from '@/lib/doors/action';

export const changeEmail = guestAction({
  input: z.object({ token: z.string().max(200) }),
  limit: 'anonymous',
  run: changeEmailUseCase,
  done: () => ({ redirect: '/sign-in?after=change-email' }),
  keep: [],
});
