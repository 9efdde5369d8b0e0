import { answerCall } from '@/lib/calls/answer-call';
import { voice } from '@/lib/doors/webhook';

/** A person on duty has picked up. */
export const POST = voice({ webhook: 'whisper', run: answerCall });
