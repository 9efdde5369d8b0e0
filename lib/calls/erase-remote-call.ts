import type { Job } from '@/lib/jobs/job';
import { deleteAtTwilio } from '@/lib/platform/twilio-api';

/** The job: deletes what Twilio lists of a call whose caller was erased: who called whom, and when. */
export async function eraseRemoteCall(job: Job<'erase_remote_call'>): Promise<void> {
  await deleteAtTwilio('Calls', job.payload.reference);
}
