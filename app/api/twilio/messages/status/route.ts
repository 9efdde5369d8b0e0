import { textCallback } from '@/lib/doors/text-webhook';
import { takeTextStatus } from '@/lib/notifications/take-text-status';

/** What became of a text of ours. */
export const POST = textCallback({ run: takeTextStatus });
