import { wantAlert } from '@/lib/jobs/want-alert';
import type { Line, System, Visit } from '@/lib/platform/visit';
import type { WebhookRequest } from './webhook-request';

/** A signed callback that says nothing we can keep, or speaks of a call we do not have: the operator is told, once a call. */
export async function reportOddCallback(visit: Visit<Line | System>, { callSid }: WebhookRequest): Promise<void> {
  await wantAlert(visit, { alert: 'odd_callback', reference: callSid, about: `odd-callback ${callSid}` });
}
