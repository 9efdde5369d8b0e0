import { answerCall } from '@/lib/calls/answer-call';
import { voice } from '@/lib/doors/webhook';

/** The caller pressed a key, said something, or did neither. */
export const POST = voice({ webhook: 'turn', run: answerCall });
