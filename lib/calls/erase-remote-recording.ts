import type { Job } from '@/lib/jobs/job';
import { deleteAtTwilio } from '@/lib/platform/twilio-api';

/** One job for a recording (its id at Twilio), by which it is known that it was erased. */
export const eraseRecordingKey = (recordingSid: string): string => `erase-remote-recording ${recordingSid}`;

/** The job: deletes a recording at Twilio whose row here is gone, or about to go. */
export async function eraseRemoteRecording(job: Job<'erase_remote_recording'>): Promise<void> {
  await deleteAtTwilio('Recordings', job.payload.reference);
}
