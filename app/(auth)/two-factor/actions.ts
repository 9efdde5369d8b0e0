'use server';

import { z } from 'zod';
import { passSecondFactor as passSecondFactorUseCase } from '@/lib/accounts/second-factor/pass-second-factor';
import { guestAction } from '@/lib/doors/action';
import { pathAfterSignIn } from '@/lib/rules/landing';

export const passSecondFactor = guestAction({
  input: z.object({
    code: z.string().trim().min(1, 'Type the code.').max(100, 'That is too long for a code.'),
    next: z.string().max(2000).default(''),
  }),
  limit: 'own',
  run: (desk, { code }, pendingId) => passSecondFactorUseCase(desk, { pendingId, code }),
  done: ({ sessionId, deviceId, role }, { next }) => ({ sessionId, deviceId, redirect: pathAfterSignIn(next, role) }),
  keep: ['next'],
});
