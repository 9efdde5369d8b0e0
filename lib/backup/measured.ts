import { createHash } from 'node:crypto';

type Measured = {
  /** What passes through is counted and hashed, and not changed. */
  readonly stream: TransformStream<Uint8Array, Uint8Array>;
  bytes(): number;
  /** In hex, once all has passed. */
  sha256(): string;
};

/** How long a file is and what it is, seen as it passes. */
export function measured(): Measured {
  const hash = createHash('sha256');
  let bytes = 0;
  return {
    stream: new TransformStream({
      transform(chunk: Uint8Array, controller) {
        hash.update(chunk);
        bytes += chunk.length;
        controller.enqueue(chunk);
      },
    }),
    bytes: () => bytes,
    sha256: () => hash.digest('hex'),
  };
}
