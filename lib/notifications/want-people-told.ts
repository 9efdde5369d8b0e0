import { wantJob } from '@/lib/jobs/want-job';
import type { Brief, Line } from '@/lib/platform/visit';

/** Wants people told of a call: once a call, however many of its requests say that there is something to tell. */
export const wantPeopleTold = (visit: Brief<Line>, callId: string): Promise<void> =>
  wantJob(visit, { kind: 'tell_people', key: `tell-people ${callId}`, payload: { callId } });
