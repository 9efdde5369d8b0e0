/** Compression of what is backed up: Zstandard where this Node has it (22.15 and later), else gzip. */
import type { Transform } from 'node:stream';
import zlib from 'node:zlib';
import { Refusal } from '@/lib/platform/errors';

export const COMPRESSIONS = ['zstd', 'gzip'] as const;
export type Compression = (typeof COMPRESSIONS)[number];

/** Large: between two pieces the compressor waits for a thread that also reads rows, hashes and encrypts. */
const pieces = { chunkSize: 262_144, highWaterMark: 1_048_576 };

const hasZstd = typeof zlib.createZstdCompress === 'function';

/** The one that this Node does best. */
export const bestCompression: Compression = hasZstd ? 'zstd' : 'gzip';

/** Fast rather than small: what is sealed does not shrink further, and nothing else is large. */
export const compress = (compression: Compression): Transform =>
  compression === 'zstd'
    ? zlib.createZstdCompress({ params: { [zlib.constants.ZSTD_c_compressionLevel]: 1 }, ...pieces })
    : zlib.createGzip({ level: 6, ...pieces });

/** @throws Refusal where this Node cannot. */
export function decompress(compression: Compression): Transform {
  if (compression === 'gzip') return zlib.createGunzip();
  if (!hasZstd) {
    throw new Refusal(
      'This backup is compressed with Zstandard, which this Node cannot read: take Node 22.15 or later, or follow "With the standard tools" in docs/restore.md.',
    );
  }
  return zlib.createZstdDecompress();
}
