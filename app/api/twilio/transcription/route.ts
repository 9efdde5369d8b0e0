import { keepTranscript } from '@/lib/calls/keep-transcript';
import { callback } from '@/lib/doors/webhook';

/** What was said in a recording, as far as it could be made out. */
export const POST = callback({ run: keepTranscript });
