import { answerCall } from '@/lib/calls/answer-call';
import { voice } from '@/lib/doors/webhook';

/** A message has been recorded. */
export const POST = voice({ webhook: 'recorded', run: answerCall });
