/** A recording comes to us: from Twilio, through age, into the store, and out again to see that it is the same. */
import { createHash } from 'node:crypto';
import type { RecordingStatus } from '@/lib/generated/prisma/enums';
import type { Job } from '@/lib/jobs/job';
import { decrypt, encrypt } from '@/lib/platform/age';
import { storage, storageKey } from '@/lib/platform/storage';
import { recordingMedia } from '@/lib/platform/twilio-api';
import type { Line, Visit } from '@/lib/platform/visit';
import { isWholeWav, WAV_HEAD } from '@/lib/rules/wav';
import { wantRemoteCopyDeleted } from './delete-remote-recording';
import { noteEvents } from './note-events';

/** What was kept is not what came. */
class NotTheSame extends Error {
  override name = 'NotTheSame';
}
/** What came is no WAV file, or not all of one. */
class NotAWholeWav extends Error {
  override name = 'NotAWholeWav';
}

/** Also one that was given up: whoever has its job tried again wants it. */
const NOT_WITH_US: RecordingStatus[] = ['pending', 'failed'];
const notWithUs = { status: { in: NOT_WITH_US } };

/**
 * The job: fetches, stores and verifies a recording. Only then does its row say `stored`, and only with that is the copy
 * at Twilio wanted deleted. Killed anywhere before, it begins again, under the same key of the store.
 */
export async function fetchRecording(job: Job<'fetch_recording'>): Promise<void> {
  const { recordingId: id } = job.payload;
  const { businessId, recording } = await job.inside(async ({ tx, viewer }) => ({
    businessId: viewer.businessId,
    recording: await tx.recording.findFirst({
      where: { businessId: viewer.businessId, id },
      select: { businessId: true, callId: true, recordingSid: true, status: true },
    }),
  }));
  const key = storageKey(businessId, 'recordings', id);
  // Erased while it was on its way: a try that was killed may have left a file that no row speaks of.
  if (!recording || recording.status === 'removing') return storage('recordings').delete(key);
  if (!NOT_WITH_US.includes(recording.status)) return;

  const came = digest();
  const audio = (await recordingMedia(recording.recordingSid)).pipeThrough(came.stream);
  await storage('recordings').put(key, await encrypt(audio));
  const kept = digest();
  await (await decrypt(await storage('recordings').read(key))).pipeThrough(kept.stream).pipeTo(new WritableStream());
  if (!kept.sha256().equals(came.sha256())) throw new NotTheSame('the recording that was stored is another one');

  const isWanted = await job.inside((visit) =>
    noteStored(visit, { id, key, ...recording }, came.bytes(), came.sha256()),
  );
  if (!isWanted) await storage('recordings').delete(key); // erased while it was on its way
}

/** Says that we gave up. The copy at Twilio stays; what we may have of it goes. */
export async function giveUpRecording(job: Job<'fetch_recording'>): Promise<void> {
  const { recordingId: id } = job.payload;
  const key = await job.inside(async (visit) => {
    const { businessId } = visit.viewer;
    const where = { businessId, id, ...notWithUs };
    const recording = await visit.tx.recording.findFirst({ where, select: { callId: true } });
    if (!recording) return null;
    await visit.tx.recording.updateMany({ where, data: { status: 'failed' } });
    visit.record({
      action: 'recording.update',
      resourceType: 'recording',
      resourceId: id,
      details: { fields: ['status'] },
    });
    await noteEvents(visit, recording.callId, [{ key: `saving_failed ${id}`, kind: 'saving_failed' }]);
    return storageKey(businessId, 'recordings', id);
  });
  if (key) await storage('recordings').delete(key);
}

type Fetched = { readonly id: string; readonly key: string; readonly callId: string; readonly recordingSid: string };

/** @returns false where the row is gone: what was stored for it belongs to nobody. */
async function noteStored(
  visit: Visit<Line>,
  { id, key, callId, recordingSid }: Fetched,
  bytes: number,
  sha256: Buffer,
) {
  const { businessId } = visit.viewer;
  const data = {
    status: 'stored' as const,
    storageKey: key,
    contentType: 'audio/wav', // by its first bytes, whichever of its names Twilio gave it
    bytes,
    sha256: Uint8Array.from(sha256),
    storedAt: visit.now,
  };
  const { count } = await visit.tx.recording.updateMany({ where: { businessId, id, ...notWithUs }, data });
  if (count === 0) return (await visit.tx.recording.count({ where: { businessId, id, storageKey: key } })) > 0;
  visit.record({
    action: 'recording.update',
    resourceType: 'recording',
    resourceId: id,
    details: { fields: Object.keys(data) },
  });
  await noteEvents(visit, callId, [{ key: `saved ${id}`, kind: 'saved' }]);
  const transcript = await visit.tx.transcript.findFirst({
    where: { businessId, OR: [{ recordingSid }, { callId, sessionSid: { not: null } }] },
    select: { id: true },
  });
  await wantRemoteCopyDeleted(visit, id, transcript ? 'transcribed' : 'in time');
  return true;
}

/** Lets a recording through and knows afterwards how long it was and what it was; ends in an error if it was not whole. */
function digest() {
  const hash = createHash('sha256');
  let bytes = 0;
  let head = new Uint8Array();
  let sum: Buffer | undefined;
  const stream = new TransformStream<Uint8Array, Uint8Array>({
    transform(chunk, controller) {
      if (head.byteLength < WAV_HEAD)
        head = Uint8Array.from([...head, ...chunk.subarray(0, WAV_HEAD - head.byteLength)]);
      hash.update(chunk);
      bytes += chunk.byteLength;
      controller.enqueue(chunk);
    },
    flush() {
      if (!isWholeWav(head, bytes)) throw new NotAWholeWav('what Twilio sent is not a whole WAV file');
      sum = hash.digest();
    },
  });
  const sha256 = () => {
    if (!sum) throw new Error('the recording has not ended yet');
    return sum;
  };
  return { stream, bytes: () => bytes, sha256 };
}
