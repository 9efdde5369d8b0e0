import { answerCall } from '@/lib/calls/answer-call';
import { voice } from '@/lib/doors/webhook';

/** A person on duty has picked up. This leg calls their number; the business is that of the call it belongs to. */
export const POST = voice({ webhook: 'whisper', enter: 'by parent call', run: answerCall });
