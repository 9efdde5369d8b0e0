'use server';

import { z } from 'zod';
import { action, secretAction } from '@/lib/doors/action';
import { chooseTelling as chooseTellingUseCase } from '@/lib/notifications/choose-telling';
import {
  askForCode as askForCodeUseCase,
  confirmNumber as confirmNumberUseCase,
  removeNumber as removeNumberUseCase,
} from '@/lib/notifications/mobile-number';
import { TELL_ABOUT } from '@/lib/rules/telling';

const here = ['/account/told'];
const about = z.enum(TELL_ABOUT, 'Choose one of the three.');

export const chooseTelling = action({
  requirePermission: 'handle_calls',
  input: z.object({ mail: about, text: about.default('nothing') }),
  run: chooseTellingUseCase,
  done: () => ({ message: 'Saved. It counts from the next call.', revalidate: here }),
});

export const askForCode = action({
  requirePermission: 'handle_calls',
  input: z.object({ number: z.string().trim().min(1, 'Type your number.').max(60, 'That is too long for a number.') }),
  run: askForCodeUseCase,
  done: () => ({ message: 'We are sending a code there. It works for 10 minutes.', revalidate: here }),
});

export const confirmNumber = secretAction({
  requireAuth: true,
  input: z.object({ code: z.string().trim().min(1, 'Type the code.').max(20, 'That is too long for a code.') }),
  run: confirmNumberUseCase,
  done: () => ({ message: 'This telephone is yours. Texts go there from now on.', revalidate: here }),
  keep: [],
});

export const removeNumber = action({
  requirePermission: 'handle_calls',
  input: z.object({}),
  run: removeNumberUseCase,
  done: () => ({ message: 'Removed. You get no more texts.', revalidate: here }),
});
