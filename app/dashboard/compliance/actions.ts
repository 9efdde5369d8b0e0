'use server';

import { z } from 'zod';
import { requireSecondFactor as requireSecondFactorUseCase } from '@/lib/businesses/require-second-factor';
import { action } from '@/lib/doors/action';

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
