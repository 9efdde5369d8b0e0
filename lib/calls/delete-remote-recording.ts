/** The copy of a recording at Twilio: it goes once ours is stored and verified, and no longer needed there. */
import type { Job } from '@/lib/jobs/job';
import { wantJob } from '@/lib/jobs/want-job';
import { deleteAtTwilio } from '@/lib/platform/twilio-api';
import type { Line, Visit } from '@/lib/platform/visit';
import { TRANSCRIPT_PATIENCE } from '@/lib/rules/aftermath';

/**
 * Wants the copy deleted: at once when its transcript has come, else after a while, since Twilio makes the transcript
 * from it. Both may be wanted; whichever comes second finds it done.
 */
export async function wantRemoteCopyDeleted(
  visit: Visit<Line>,
  recordingId: string,
  when: 'transcribed' | 'in time',
): Promise<void> {
  await wantJob(visit, {
    kind: 'delete_remote_recording',
    key: `delete-remote-recording ${recordingId} ${when}`,
    payload: { recordingId },
    ...(when === 'in time' && { delaySeconds: TRANSCRIPT_PATIENCE }),
  });
}

/** The job: deletes the copy, and notes that it is gone. Never before the row says that ours is stored. */
export async function deleteRemoteRecording(job: Job<'delete_remote_recording'>): Promise<void> {
  const { recordingId: id } = job.payload;
  const recording = await job.inside(({ tx, viewer: { businessId } }) =>
    tx.recording.findFirst({ where: { businessId, id, status: 'stored' }, select: { recordingSid: true } }),
  );
  if (!recording) return;
  await deleteAtTwilio('Recordings', recording.recordingSid);
  await job.inside(async (visit) => {
    const { count } = await visit.tx.recording.updateMany({
      where: { businessId: visit.viewer.businessId, id, status: 'stored' },
      data: { status: 'settled', remoteDeletedAt: visit.now },
    });
    if (count > 0) {
      visit.record({
        action: 'recording.update',
        resourceType: 'recording',
        resourceId: id,
        details: { fields: ['status', 'remoteDeletedAt'] },
      });
    }
  });
}
