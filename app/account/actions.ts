'use server';

import { z } from 'zod';
import { openBusiness as openBusinessUseCase } from '@/lib/accounts/open-business';
import { signOut as signOutUseCase } from '@/lib/accounts/sign-out';
import { action } from '@/lib/doors/action';

export const signOut = action({
  requireAuth: true,
  input: z.object({}),
  beforeSecondFactor: true,
  run: signOutUseCase,
  done: () => ({ signOut: true, redirect: '/sign-in' }),
});

export const openBusiness = action({
  requireAuth: true,
  input: z.object({ id: z.uuid() }),
  run: openBusinessUseCase,
  done: () => ({ revalidate: ['/'], redirect: '/dashboard' }),
});
