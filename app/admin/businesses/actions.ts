'use server';

import { z } from 'zod';
import {
  breakGlass as breakGlassUseCase,
  giveBack as giveBackUseCase,
} from '@/lib/accounts/administration/break-glass';
import { changeTier as changeTierUseCase } from '@/lib/businesses/change-tier';
import {
  reinstateBusiness as reinstateBusinessUseCase,
  suspendBusiness as suspendBusinessUseCase,
} from '@/lib/businesses/suspend-business';
import { action } from '@/lib/doors/action';
import { GRANT_MINUTES, mostReason } from '@/lib/rules/break-glass';

const oneBusiness = z.object({ id: z.uuid() });
const saying = (message: string) => () => ({ message, revalidate: ['/admin/businesses'] });

export const suspendBusiness = action({
  requirePermission: 'manage_businesses',
  recent: true,
  input: oneBusiness,
  run: suspendBusinessUseCase,
  done: saying('Suspended. Its callers are still greeted and can leave a message.'),
});

export const reinstateBusiness = action({
  requirePermission: 'manage_businesses',
  recent: true,
  input: oneBusiness,
  run: reinstateBusinessUseCase,
  done: saying('Its people are in again.'),
});

export const changeTier = action({
  requirePermission: 'manage_businesses',
  input: oneBusiness.extend({
    tier: z.enum(['free', 'basic', 'pro', 'enterprise']),
    minutes: z
      .string()
      .trim()
      .regex(/^\d{1,6}$/, 'Type a whole number of minutes, up to 999999.')
      .transform(Number),
  }),
  run: changeTierUseCase,
  done: saying('Saved. It counts from the next call on.'),
});

export const breakGlass = action({
  requirePermission: 'break_glass',
  recent: true,
  input: oneBusiness.extend({
    reason: z.string().max(mostReason * 2, 'That is too long.'),
    lasting: z.enum(GRANT_MINUTES.map(String)).transform(Number),
  }),
  run: breakGlassUseCase,
  done: () => ({ redirect: '/dashboard/calls' }),
});

export const giveBack = action({
  requirePermission: 'break_glass',
  input: z.object({}),
  run: giveBackUseCase,
  done: () => ({ redirect: '/admin/businesses' }),
});
