import { keepRecording } from '@/lib/calls/keep-recording';
import { callback } from '@/lib/doors/webhook';

/** A recording is there to be fetched, or there is none. */
export const POST = callback({ run: keepRecording });
