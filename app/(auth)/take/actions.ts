'use server';

import { z } from 'zod';
import { takeByLink as takeByLinkUseCase } from '@/lib/calls/take-by-link';
import { guestAction } from '@/lib/doors/action';

export const takeByLink = guestAction({
  input: z.object({ token: z.string().max(200) }),
  limit: 'anonymous',
  run: takeByLinkUseCase,
  done: (_result, { token }) => ({ redirect: `/take?token=${encodeURIComponent(token)}` }),
  keep: [],
});
