import { wantAlert } from '@/lib/jobs/want-alert';
import type { Brief, Line } from '@/lib/platform/visit';
import { hasOddFields } from '@/lib/rules/odd-fields';
import type { WebhookRequest } from './webhook-request';

/** Where Twilio begins to say something in another form, every call will have it: the operator is told once a day. */
export async function reportOddFields(visit: Brief<Line>, { callSid, fields }: WebhookRequest): Promise<void> {
  if (!hasOddFields(fields)) return;
  await wantAlert(visit, { alert: 'odd_callback', reference: callSid, about: 'odd-fields', each: 'day' });
}
