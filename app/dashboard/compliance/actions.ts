'use server';

import { z } from 'zod';
import { endGrant as endGrantUseCase } from '@/lib/accounts/administration/end-grant';
import { requireSecondFactor as requireSecondFactorUseCase } from '@/lib/businesses/require-second-factor';
import { action } from '@/lib/doors/action';
import { choosePeriods as choosePeriodsUseCase } from '@/lib/privacy/choose-periods';
import { liftHold as liftHoldUseCase, placeHold as placeHoldUseCase } from '@/lib/privacy/legal-hold';

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

const days = z
  .string()
  .trim()
  .regex(/^\d{1,5}$/, 'Write a whole number of days.')
  .transform(Number);

export const choosePeriods = action({
  requirePermission: 'manage_compliance',
  input: z.object({
    recording: days,
    transcript: days,
    metadata: days,
    basis: z
      .string()
      .trim()
      .max(200, 'That is too long: 200 characters at most.')
      .default('')
      .transform((text) => text || null),
  }),
  recent: true,
  run: choosePeriodsUseCase,
  done: () => ({
    message: 'Saved. What is over by now goes with the next clean-up, within a day.',
    revalidate: ['/dashboard/compliance'],
  }),
});

const reason = z
  .string()
  .trim()
  .min(3, 'Say why, in a few words.')
  .max(500, 'That is too long: 500 characters at most.');

export const placeHold = action({
  requirePermission: 'manage_compliance',
  input: z.discriminatedUnion('on', [
    z.object({ on: z.literal('business'), reason }),
    z.object({ on: z.literal('person'), number: z.string().trim().max(50).default(''), reason }),
    z.object({ on: z.literal('call'), callId: z.uuid('Open the call, and go on from there.'), reason }),
  ]),
  recent: true,
  run: placeHoldUseCase,
  done: () => ({
    message: 'Placed. Nothing that it covers is deleted any more, until you lift it.',
    revalidate: ['/dashboard/compliance'],
  }),
});

export const liftHold = action({
  requirePermission: 'manage_compliance',
  input: z.object({ id: z.uuid() }),
  recent: true,
  run: liftHoldUseCase,
  done: () => ({
    message: 'Lifted. What is over by now goes with the next clean-up.',
    revalidate: ['/dashboard/compliance'],
  }),
});
