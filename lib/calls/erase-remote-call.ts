import type { Job } from '@/lib/jobs/job';
import { deleteAtTwilio } from '@/lib/platform/twilio-api';

/** One job for a call (its id at Twilio), by which it is known that the call was erased. */
export const eraseCallKey = (callSid: string): string => `erase-remote-call ${callSid}`;

/** The job: deletes what Twilio lists of a call whose caller was erased: who called whom, and when. */
export async function eraseRemoteCall(job: Job<'erase_remote_call'>): Promise<void> {
  await deleteAtTwilio('Calls', job.payload.reference);
}
