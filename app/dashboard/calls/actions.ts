'use server';

import { z } from 'zod';
import { blockCaller as blockCallerUseCase } from '@/lib/calls/block-caller';
import { findCaller as findCallerUseCase } from '@/lib/calls/find-caller';
import { markCalledBack as markCalledBackUseCase } from '@/lib/calls/mark-called-back';
import { markHeard as markHeardUseCase } from '@/lib/calls/mark-heard';
import { markNotSpam as markNotSpamUseCase, undoNotSpam as undoNotSpamUseCase } from '@/lib/calls/mark-not-spam';
import { markUnheard as markUnheardUseCase } from '@/lib/calls/mark-unheard';
import { giveBackCall as giveBackCallUseCase, takeCall as takeCallUseCase } from '@/lib/calls/take-call';
import { liftBlock as liftBlockUseCase, unblockCaller as unblockCallerUseCase } from '@/lib/calls/unblock-caller';
import { undoCalledBack as undoCalledBackUseCase } from '@/lib/calls/undo-called-back';
import { action } from '@/lib/doors/action';

const oneCall = z.object({ id: z.uuid() });
const saying = (message: string) => () => ({ message, revalidate: ['/dashboard'] });

export const findCaller = action({
  requirePermission: 'view_calls',
  input: z.object({ number: z.string().max(60, 'That is too long for a number.') }),
  run: findCallerUseCase,
  done: (caller) => ({ redirect: `/dashboard/calls?caller=${caller}` }),
});

export const markHeard = action({
  requirePermission: 'handle_calls',
  input: oneCall,
  run: markHeardUseCase,
  done: saying('Marked as listened to.'),
});

export const markUnheard = action({
  requirePermission: 'handle_calls',
  input: oneCall,
  run: markUnheardUseCase,
  done: saying('Marked as not listened to.'),
});

export const markCalledBack = action({
  requirePermission: 'handle_calls',
  input: oneCall,
  run: markCalledBackUseCase,
  done: saying('Marked as done.'),
});

export const undoCalledBack = action({
  requirePermission: 'handle_calls',
  input: oneCall,
  run: undoCalledBackUseCase,
  done: saying('Back on the list of calls to return.'),
});

export const takeCall = action({
  requirePermission: 'handle_calls',
  input: oneCall,
  run: takeCallUseCase,
  done: saying('You see to it. Nobody else is asked.'),
});

export const giveBackCall = action({
  requirePermission: 'handle_calls',
  input: oneCall,
  run: giveBackCallUseCase,
  done: saying('Nobody sees to it now. It goes round again.'),
});

export const markNotSpam = action({
  requirePermission: 'handle_calls',
  input: oneCall,
  run: markNotSpamUseCase,
  done: saying('Marked as not spam. This caller is not turned away again.'),
});

export const undoNotSpam = action({
  requirePermission: 'handle_calls',
  input: oneCall,
  run: undoNotSpamUseCase,
  done: saying('It counts as spam again.'),
});

export const blockCaller = action({
  requirePermission: 'handle_calls',
  input: oneCall,
  run: blockCallerUseCase,
  done: saying('Blocked. We turn this caller away from now on.'),
});

export const unblockCaller = action({
  requirePermission: 'handle_calls',
  input: oneCall,
  run: unblockCallerUseCase,
  done: saying('Unblocked. We answer this caller again.'),
});

/** Gets the `id` of a line of the list of the blocked. */
export const liftBlock = action({
  requirePermission: 'handle_calls',
  input: z.object({ id: z.uuid() }),
  run: liftBlockUseCase,
  done: saying('Unblocked. We answer this caller again.'),
});
