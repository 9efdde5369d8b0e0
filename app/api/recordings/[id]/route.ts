import { z } from 'zod';
import { playRecording, recordingAudio } from '@/lib/calls/play-recording';
import { download } from '@/lib/doors/page';
import { ranged } from '@/lib/doors/ranged';

/** Plays a recording behind its signed, expiring address. */
export const GET = download({
  requirePermission: 'play_recordings',
  input: z.object({
    id: z.uuid(),
    expires: z
      .string()
      .regex(/^\d{1,12}$/)
      .transform(Number),
    signature: z.string().max(100),
  }),
  load: playRecording,
  respond: (found, request) => ranged(request, found, (range) => recordingAudio(found, range)),
});
