'use server';

import { z } from 'zod';
import { unlockAccount as unlockAccountUseCase } from '@/lib/accounts/sign-in/unlock-account';
import { guestAction } from '@/lib/doors/action';

export const unlockAccount = guestAction({
  input: z.object({ token: z.string().max(200) }),
  limit: 'anonymous',
  run: unlockAccountUseCase,
  done: () => ({ redirect: '/sign-in?after=unlock' }),
  keep: [],
});
