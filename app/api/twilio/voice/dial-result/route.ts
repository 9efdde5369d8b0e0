import { answerCall } from '@/lib/calls/answer-call';
import { voice } from '@/lib/doors/webhook';

/** Ringing the people on duty is over. */
export const POST = voice({ webhook: 'dial-result', run: answerCall });
