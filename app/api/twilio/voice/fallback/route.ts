import { answerCall } from '@/lib/calls/answer-call';
import { voice } from '@/lib/doors/webhook';

/** Twilio could not get or understand an answer of ours: the turn that failed is tried once more, with whatever works now. */
export const POST = voice({ webhook: 'fallback', run: answerCall });
