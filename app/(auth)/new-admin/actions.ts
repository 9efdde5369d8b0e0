'use server';

import { z } from 'zod';
import { becomeAdmin as becomeAdminUseCase } from '@/lib/accounts/administration/become-admin';
import { guestAction } from '@/lib/doors/action';

export const becomeAdmin = guestAction({
  input: z.object({
    token: z.string().max(200),
    name: z.string().trim().min(1, 'Type your name.').max(120, 'That is too long for a name.'),
    password: z.string().min(1, 'Type a new password.').max(1024, 'That is too long for a password.'),
  }),
  limit: 'anonymous',
  run: becomeAdminUseCase,
  done: () => ({ redirect: '/sign-in?after=new-admin' }),
  keep: ['name'],
});
