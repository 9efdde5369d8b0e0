'use server';

import { z } from 'zod';
import { saveGreeting as saveGreetingUseCase } from '@/lib/businesses/save-greeting';
import { saveTranscripts as saveTranscriptsUseCase } from '@/lib/businesses/save-transcripts';
import { action } from '@/lib/doors/action';

export const saveGreeting = action({
  requirePermission: 'manage_settings',
  input: z.object({ greeting: z.string().max(4000, 'This is too long to be read out.') }),
  run: saveGreetingUseCase,
  done: () => ({ message: 'Saved. The next caller hears it.', revalidate: ['/dashboard/greeting'] }),
});

export const saveTranscripts = action({
  requirePermission: 'manage_settings',
  input: z.object({ transcripts: z.enum(['recording', 'live']) }),
  run: saveTranscriptsUseCase,
  done: () => ({ message: 'Saved. It counts from the next message on.', revalidate: ['/dashboard/greeting'] }),
});
