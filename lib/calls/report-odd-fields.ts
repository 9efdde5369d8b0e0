import { wantJob } from '@/lib/jobs/want-job';
import type { Line, Visit } from '@/lib/platform/visit';
import { hasOddFields } from '@/lib/rules/odd-fields';
import type { WebhookRequest } from './webhook-request';

/** Where Twilio begins to say something in another form, every call will have it: the operator is told once a day. */
export async function reportOddFields(visit: Visit<Line>, { callSid, fields }: WebhookRequest): Promise<void> {
  if (!hasOddFields(fields)) return;
  await wantJob(visit, {
    kind: 'alert',
    key: `alert odd-fields ${visit.now.toISOString().slice(0, 10)}`,
    payload: { alert: 'odd_callback', reference: callSid },
  });
}
