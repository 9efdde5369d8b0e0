import { answerCall } from '@/lib/calls/answer-call';
import { voice } from '@/lib/doors/webhook';

/** Twilio could not get or understand an answer of ours: the call begins again, with whatever works now. */
export const POST = voice({ webhook: 'voice', enter: 'by number called', run: answerCall });
