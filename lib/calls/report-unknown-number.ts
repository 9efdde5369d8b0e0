import { wantJob } from '@/lib/jobs/want-job';
import type { System, Visit } from '@/lib/platform/visit';

/**
 * A call for a number that nobody owns is a mistake of ours or at Twilio: the operator is told, once a day and number.
 *
 * @param called the number (E.164); `null` for whatever else was called.
 */
export async function reportUnknownNumber(visit: Visit<System>, callSid: string, called: string | null): Promise<void> {
  const day = visit.now.toISOString().slice(0, 10);
  await wantJob(visit, {
    kind: 'alert',
    key: `alert unknown-number ${called ?? 'none'} ${day}`,
    payload: { alert: 'unknown_number', reference: callSid },
  });
}
