'use server';

import { z } from 'zod';
import { saveNumber as saveNumberUseCase } from '@/lib/businesses/save-number';
import { action } from '@/lib/doors/action';

export const saveNumber = action({
  requirePermission: 'manage_settings',
  input: z.object({ number: z.string().max(60, 'That is too long for a number.') }),
  run: saveNumberUseCase,
  done: () => ({ message: 'Saved.', revalidate: ['/dashboard/number'] }),
});
