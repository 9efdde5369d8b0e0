/**
 * The address at which a recording plays: for one person, one recording and five minutes. It is worth nothing to whoever
 * finds it in a log or a history, since the door still asks who is there.
 */
import { timingSafeEqual } from 'node:crypto';
import { mac } from '@/lib/platform/mac';

const LIFETIME_SECONDS = 300;

type For = { readonly recordingId: string; readonly userId: string };

/** The address, relative to the site. It holds the recording's id, the time it ends (Unix seconds) and the signature. */
export function recordingAddress({ recordingId, userId }: For, now: Date): string {
  const expires = Math.floor(now.getTime() / 1000) + LIFETIME_SECONDS;
  const signature = sign({ recordingId, userId }, expires).toString('base64url');
  return `/api/recordings/${recordingId}?expires=${expires}&signature=${signature}`;
}

/** Whether an address was made for this person and recording, and has not ended. */
export function isRecordingAddress(whose: For, expires: number, signature: string, now: Date): boolean {
  const given = Buffer.from(signature, 'base64url');
  const expected = sign(whose, expires);
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) return false;
  return now.getTime() < expires * 1000;
}

const sign = ({ recordingId, userId }: For, expires: number): Buffer =>
  mac('recording address', `${recordingId} ${userId} ${expires}`);
