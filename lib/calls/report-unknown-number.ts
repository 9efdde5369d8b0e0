import { wantAlert } from '@/lib/jobs/want-alert';
import type { System, Visit } from '@/lib/platform/visit';

/**
 * A call for a number that nobody owns is a mistake of ours or at Twilio: the operator is told, once a day and number.
 *
 * @param called the number (E.164); `null` for whatever else was called.
 */
export async function reportUnknownNumber(visit: Visit<System>, callSid: string, called: string | null): Promise<void> {
  const about = `unknown-number ${called ?? 'none'}`;
  await wantAlert(visit, { alert: 'unknown_number', reference: callSid, about, each: 'day' });
}
