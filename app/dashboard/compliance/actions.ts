'use server';

import { z } from 'zod';
import { endGrant as endGrantUseCase } from '@/lib/accounts/administration/end-grant';
import { requireSecondFactor as requireSecondFactorUseCase } from '@/lib/businesses/require-second-factor';
import { action } from '@/lib/doors/action';

export const endGrant = action({
  requireRole: 'business_owner', // whoever may be shown the trail one day: whom to let in stays the owner's
  input: z.object({ id: z.uuid() }),
  run: endGrantUseCase,
  done: () => ({ message: 'Ended. They can open nothing more.', revalidate: ['/dashboard/compliance'] }),
});

export const requireSecondFactor = action({
  requirePermission: 'manage_compliance',
  input: z
    .object({ required: z.literal('on').optional() })
    .transform(({ required }) => ({ required: required === 'on' })),
  recent: true,
  run: requireSecondFactorUseCase,
  done: ({ required }) => ({
    message: required
      ? 'From now on everybody here needs a second factor.'
      : 'From now on a password alone is enough here.',
    revalidate: ['/dashboard/compliance'],
  }),
});
