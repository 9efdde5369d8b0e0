'use server';

import { z } from 'zod';
import {
  beginSecondFactor as beginSecondFactorUseCase,
  confirmSecondFactor as confirmSecondFactorUseCase,
  removeSecondFactor as removeSecondFactorUseCase,
  replaceRecoveryCodes as replaceRecoveryCodesUseCase,
} from '@/lib/accounts/second-factor/set-second-factor';
import { secretAction } from '@/lib/doors/action';

export const beginSecondFactor = secretAction({
  requireAuth: true,
  input: z.object({}),
  recent: true,
  beforeSecondFactor: true,
  run: beginSecondFactorUseCase,
  done: () => ({ message: 'Scan the picture with your app.', revalidate: ['/account/two-factor'] }),
  keep: [],
});

/** Nothing is loaded again afterwards: the codes stand in this answer and nowhere else. */
export const confirmSecondFactor = secretAction({
  requireAuth: true,
  input: z.object({ code: z.string().trim().min(1, 'Type the code.').max(100, 'That is too long for a code.') }),
  recent: true,
  beforeSecondFactor: true,
  run: confirmSecondFactorUseCase,
  done: ({ codes }) => ({ message: 'Your second factor is on. Everywhere else you are signed out.', once: codes }),
  keep: [],
});

export const replaceRecoveryCodes = secretAction({
  requireAuth: true,
  input: z.object({}),
  recent: true,
  run: replaceRecoveryCodesUseCase,
  done: ({ codes }) => ({ message: 'These are your new codes. The old ones no longer work.', once: codes }),
  keep: [],
});

export const removeSecondFactor = secretAction({
  requireAuth: true,
  input: z.object({}),
  recent: true,
  run: removeSecondFactorUseCase,
  done: () => ({ redirect: '/account/security' }),
  keep: [],
});
