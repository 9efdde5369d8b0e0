import { incomingText } from '@/lib/doors/text-webhook';
import { takeText } from '@/lib/notifications/take-text';

/** Somebody has sent a text to the number of a business. */
export const POST = incomingText({ run: takeText });
