import { answerCall } from '@/lib/calls/answer-call';
import { voice } from '@/lib/doors/webhook';

/** Somebody calls. */
export const POST = voice({ webhook: 'voice', run: answerCall });
