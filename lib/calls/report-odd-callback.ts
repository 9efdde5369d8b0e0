import { wantJob } from '@/lib/jobs/want-job';
import type { Line, Visit } from '@/lib/platform/visit';
import type { WebhookRequest } from './webhook-request';

/** A signed callback that says nothing we can keep: the operator is told, once a call. */
export async function reportOddCallback(visit: Visit<Line>, { callSid }: WebhookRequest): Promise<void> {
  await wantJob(visit, {
    kind: 'alert',
    key: `alert odd-callback ${callSid}`,
    payload: { alert: 'odd_callback', reference: callSid },
  });
}
