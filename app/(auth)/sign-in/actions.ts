'use server';

import { z } from 'zod';
import { signIn as signInUseCase } from '@/lib/accounts/sign-in';
import { guestAction } from '@/lib/doors/action';
import { signInForm } from '@/lib/doors/next-auth';
import { pathAfterSignIn } from '@/lib/rules/landing';

export const signIn = guestAction({
  input: signInForm.extend({ next: z.string().max(2000).default('') }),
  limit: 'own',
  run: signInUseCase,
  done: ({ sessionId, deviceId, role }, { next }) => ({ sessionId, deviceId, redirect: pathAfterSignIn(next, role) }),
  keep: ['email', 'next'],
});
