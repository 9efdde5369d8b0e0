import { wantJob } from '@/lib/jobs/want-job';
import type { System, Visit } from '@/lib/platform/visit';
import type { WebhookRequest } from './webhook-request';

/** A call for a number that nobody owns is a mistake of ours or at Twilio: the operator is told, once a day and number. */
export async function reportUnknownNumber(visit: Visit<System>, { callSid, fields }: WebhookRequest): Promise<void> {
  const day = visit.now.toISOString().slice(0, 10);
  await wantJob(visit, {
    kind: 'alert',
    key: `alert unknown-number ${fields.To ?? ''} ${day}`,
    payload: { alert: 'unknown_number', reference: callSid },
  });
}
