'use server';

import { z } from 'zod';
import { leaveBusiness as leaveBusinessUseCase } from '@/lib/accounts/people/leave-business';
import { action } from '@/lib/doors/action';

export const leaveBusiness = action({
  requireAuth: true,
  recent: true,
  input: z.object({
    id: z.uuid(),
    understood: z.literal('on', 'Tick this first: then you have read what happens.'),
  }),
  run: leaveBusinessUseCase,
  done: () => ({ revalidate: ['/'], redirect: '/account' }),
});
