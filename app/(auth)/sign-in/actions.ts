'use server';

import { z } from 'zod';
import { beginSignIn } from '@/lib/accounts/sign-in/sign-in';
import { guestAction } from '@/lib/doors/action';
import { signInForm } from '@/lib/doors/next-auth';
import { pathAfterSignIn } from '@/lib/rules/landing';

export const signIn = guestAction({
  input: signInForm.extend({ next: z.string().max(2000).default('') }),
  limit: 'own',
  run: (desk, attempt) => beginSignIn(desk, attempt),
  done: (begun, { next }) =>
    'pendingId' in begun
      ? {
          pendingId: begun.pendingId,
          redirect: next === '' ? '/two-factor' : `/two-factor?next=${encodeURIComponent(next)}`,
        }
      : { sessionId: begun.sessionId, deviceId: begun.deviceId, redirect: pathAfterSignIn(next, begun.role) },
  keep: ['email', 'next'],
});
