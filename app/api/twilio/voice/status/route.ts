import { endCall } from '@/lib/calls/end-call';
import { callback } from '@/lib/doors/webhook';

/** The call has ended. */
export const POST = callback({ enter: 'by number called', run: endCall });
