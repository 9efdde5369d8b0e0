'use server';

import { z } from 'zod';
import { changeEmail as changeEmailUseCase } from '@/lib/accounts/change-email';
import { guestAction } from '@/lib/doors/action';

/** Whoever is signed in here is led on to their account, where the new address stands; everybody else signs in with it. */
export const changeEmail = guestAction({
  input: z.object({ token: z.string().max(200) }),
  limit: 'anonymous',
  run: changeEmailUseCase,
  done: () => ({ redirect: '/sign-in?after=change-email&next=/account' }),
  keep: [],
});
