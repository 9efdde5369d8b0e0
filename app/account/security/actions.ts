'use server';

import { z } from 'zod';
import { changePassword as changePasswordUseCase } from '@/lib/accounts/password/change-password';
import { revokeOtherSessions as revokeOtherSessionsUseCase } from '@/lib/accounts/sessions/revoke-other-sessions';
import { revokeSession as revokeSessionUseCase } from '@/lib/accounts/sessions/revoke-session';
import { action, secretAction } from '@/lib/doors/action';

export const changePassword = secretAction({
  requireAuth: true,
  input: z.object({
    current: z.string().min(1, 'Type the password you have now.').max(1024, 'That is too long for a password.'),
    password: z.string().min(1, 'Type a new password.').max(1024, 'That is too long for a password.'),
  }),
  recent: true,
  run: changePasswordUseCase,
  done: () => ({
    message: 'Your password is changed, and you are signed out everywhere else.',
    revalidate: ['/account/security'],
  }),
  keep: [],
});

export const revokeSession = action({
  requireAuth: true,
  input: z.object({ id: z.uuid() }),
  recent: true,
  run: revokeSessionUseCase,
  done: () => ({ message: 'Signed out there.', revalidate: ['/account/security'] }),
});

export const revokeOtherSessions = action({
  requireAuth: true,
  input: z.object({}),
  recent: true,
  run: revokeOtherSessionsUseCase,
  done: () => ({ message: 'Signed out everywhere else.', revalidate: ['/account/security'] }),
});
