import { endCall } from '@/lib/calls/end-call';
import { callback } from '@/lib/doors/webhook';

/** The call has ended. */
export const POST = callback({ run: endCall });
