'use server';

import { z } from 'zod';
import { saveGreeting as saveGreetingUseCase } from '@/lib/businesses/save-greeting';
import { action } from '@/lib/doors/action';

export const saveGreeting = action({
  requirePermission: 'manage_settings',
  input: z.object({ greeting: z.string().max(4000, 'This is too long to be read out.') }),
  run: saveGreetingUseCase,
  done: () => ({ message: 'Saved. The next caller hears it.', revalidate: ['/dashboard/greeting'] }),
});
