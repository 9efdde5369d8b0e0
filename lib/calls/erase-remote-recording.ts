import type { Job } from '@/lib/jobs/job';
import { deleteAtTwilio } from '@/lib/platform/twilio-api';

/** The job: deletes a recording at Twilio whose row here is gone, or about to go. */
export async function eraseRemoteRecording(job: Job<'erase_remote_recording'>): Promise<void> {
  await deleteAtTwilio('Recordings', job.payload.reference);
}
