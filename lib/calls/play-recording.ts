/** Somebody listens to a recording. Each time its door is opened is noted, with who opened it. */
import { decrypt } from '@/lib/platform/age';
import { NotFound } from '@/lib/platform/errors';
import { storage, storageKey } from '@/lib/platform/storage';
import type { Member, Visit } from '@/lib/platform/visit';
import type { ByteRange } from '@/lib/rules/byte-range';
import { isRecordingAddress } from './recording-address';

export type Playable = { readonly key: string; readonly contentType: string; readonly bytes: number };

/** @throws NotFound for an address that has ended or was made for somebody else, and for a recording that is not here. */
export async function playRecording(
  visit: Visit<Member>,
  { id, expires, signature }: { readonly id: string; readonly expires: number; readonly signature: string },
): Promise<Playable> {
  const { businessId, userId } = visit.viewer;
  if (!isRecordingAddress({ recordingId: id, userId }, expires, signature, visit.now)) throw new NotFound();
  const recording = await visit.tx.recording.findFirst({
    where: { businessId, id, status: { in: ['stored', 'settled'] } },
    select: { storageKey: true, contentType: true, bytes: true },
  });
  if (!recording?.contentType || !recording.bytes) throw new NotFound();
  // The key that this business's recording has: a row that says another one leads to nothing of anybody else's.
  const key = storageKey(businessId, 'recordings', id);
  if (recording.storageKey !== key) throw new NotFound();
  visit.record({ action: 'recording.read', resourceType: 'recording', resourceId: id });
  const { contentType, bytes } = recording;
  return { key, contentType, bytes };
}

/** The audio, or a part of it. An age file is opened from its start; a message lasts two minutes at most. */
export async function recordingAudio({ key }: Playable, range: ByteRange | null): Promise<ReadableStream<Uint8Array>> {
  const audio = await decrypt(await storage('recordings').read(key));
  return range ? audio.pipeThrough(only(range)) : audio;
}

function only({ from, to }: ByteRange): TransformStream<Uint8Array, Uint8Array> {
  let at = 0;
  return new TransformStream({
    transform(chunk, controller) {
      const part = chunk.subarray(Math.max(0, from - at), Math.max(0, to + 1 - at));
      at += chunk.byteLength;
      if (part.byteLength > 0) controller.enqueue(part);
      if (at > to) controller.terminate();
    },
  });
}
