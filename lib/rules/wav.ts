/** Bytes at the start of a WAV file that say what it is and how long it is. */
export const WAV_HEAD = 12;

/**
 * Whether a file can be a whole WAV: it says so in its first 12 bytes, and is no shorter than it says there. Writers that
 * do not know the length beforehand put 0 or 2³²−1 (RIFF, "Multimedia Programming Interface and Data Specifications 1.0").
 */
export function isWholeWav(head: Uint8Array, bytes: number): boolean {
  if (head.byteLength < WAV_HEAD || text(head, 0) !== 'RIFF' || text(head, 8) !== 'WAVE') return false;
  const length = new DataView(head.buffer, head.byteOffset).getUint32(4, true);
  return length === 0 || length === 0xffff_ffff || length + 8 <= bytes;
}

const text = (bytes: Uint8Array, at: number) => String.fromCharCode(...bytes.subarray(at, at + 4));
