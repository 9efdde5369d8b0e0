import { wantJob } from '@/lib/jobs/want-job';
import type { Line, Visit } from '@/lib/platform/visit';

/** Wants the owners told of a call: once a call, however many of its requests say that there is something to tell. */
export const wantOwnerTold = (visit: Visit<Line>, callId: string): Promise<void> =>
  wantJob(visit, { kind: 'tell_owner', key: `tell-owner ${callId}`, payload: { callId } });
