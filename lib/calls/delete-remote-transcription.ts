import type { Job } from '@/lib/jobs/job';
import { deleteAtTwilio } from '@/lib/platform/twilio-api';

/** The job: deletes a transcript at Twilio. It is wanted in the transaction that sealed ours. */
export async function deleteRemoteTranscription(job: Job<'delete_remote_transcription'>): Promise<void> {
  await deleteAtTwilio('Transcriptions', job.payload.reference);
}
