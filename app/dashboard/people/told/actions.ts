'use server';

import { z } from 'zod';
import { action } from '@/lib/doors/action';
import {
  moveForward as moveForwardUseCase,
  saveEscalation as saveEscalationUseCase,
} from '@/lib/notifications/escalation-policy';
import { ESCALATE_MINUTES } from '@/lib/rules/telling';

const here = ['/dashboard/people/told'];

export const moveForward = action({
  requirePermission: 'manage_settings',
  input: z.object({ id: z.uuid() }),
  run: moveForwardUseCase,
  done: () => ({ message: 'Moved up.', revalidate: here }),
});

export const saveEscalation = action({
  requirePermission: 'manage_settings',
  input: z.object({
    minutes: z
      .enum(['never', ...ESCALATE_MINUTES.map(String)], 'Choose one of these.')
      .transform((text) => (text === 'never' ? null : Number(text))),
  }),
  run: saveEscalationUseCase,
  done: () => ({ message: 'Saved. It counts from the next urgent call.', revalidate: here }),
});
