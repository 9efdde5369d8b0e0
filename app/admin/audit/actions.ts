'use server';

import { z } from 'zod';
import { findPerson as findPersonUseCase } from '@/lib/audit/find-person';
import { action } from '@/lib/doors/action';

export const findPerson = action({
  requirePermission: 'view_platform',
  input: z.object({ email: z.string().trim().min(1, 'Type an e-mail.').max(254, 'That is too long for an e-mail.') }),
  run: findPersonUseCase,
  done: (id) => ({ redirect: `/admin/audit?who=${id}` }),
});
