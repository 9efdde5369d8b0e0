'use server';

import { z } from 'zod';
import { confirmIdentity as confirmIdentityUseCase } from '@/lib/accounts/sessions/confirm-identity';
import { secretAction } from '@/lib/doors/action';
import { pathAfterSignIn } from '@/lib/rules/landing';

export const confirmIdentity = secretAction({
  requireAuth: true,
  input: z.object({
    password: z.string().min(1, 'Type your password.').max(1024, 'That is too long for a password.'),
    code: z.string().max(100, 'That is too long for a code.').default(''),
    next: z.string().max(2000).default(''),
  }),
  beforeSecondFactor: true,
  run: confirmIdentityUseCase,
  done: ({ sessionId, role }, { next }) =>
    next === ''
      ? { sessionId, message: 'Thank you. Go back to the other tab and send the form again; you can close this one.' }
      : { sessionId, redirect: pathAfterSignIn(next, role) },
  keep: ['next'],
});
