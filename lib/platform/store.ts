/** What every store is (disk-store.ts, s3-store.ts), and what its keys look like. */

export type Bytes = ReadableStream<Uint8Array>;

/** Files by key, whole or not there at all. What is no key (`isKey`) is refused. */
export interface Storage {
  /**
   * Keeps the content under the key, in place of what was there; when this returns, a power cut does not undo it.
   *
   * @param options `keepUntil`: nobody can delete it or write over it before, where the bucket has Object Lock. A folder
   *   has nothing of the kind.
   */
  put(key: string, content: Bytes, options?: { readonly keepUntil?: Date }): Promise<void>;
  /** @throws NotStored where nothing is kept under the key. */
  read(key: string): Promise<Bytes>;
  /** How large it is as kept; `null` where nothing is kept under the key. */
  stat(key: string): Promise<{ readonly bytes: number } | null>;
  /** What is kept under keys that begin with these letters, by ascending key; `''` is everything. */
  list(prefix: string): AsyncIterable<Stored>;
  /** Also fine where nothing is kept. */
  delete(key: string): Promise<void>;
}

export type Stored = { readonly key: string; readonly bytes: number; readonly storedAt: Date };

export class NotStored extends Error {
  override name = 'NotStored';
}

/** The store refused, for a reason that somebody has to mend: the message says which, and how. */
export class StoreError extends Error {
  override name = 'StoreError';
  constructor(
    message: string,
    readonly code: string,
    options: ErrorOptions,
  ) {
    super(message, options);
  }
}

const segment = '[a-z0-9][a-z0-9.-]*';
const wellFormed = new RegExp(`^${segment}(?:/${segment})+$`);

/**
 * Two or more segments of small letters, digits, dots and hyphens, none beginning with a dot or a hyphen: a path that
 * leads down, and the same one on every system.
 */
export const isKey = (text: string): boolean => wellFormed.test(text) && text.length <= 500;

export function checkKey(key: string): void {
  if (!isKey(key)) throw new Error('not a key of the store');
}

/**
 * What an iterator gives, as the stream of a file. Node's own `Readable.toWeb` throws where nobody can catch it when
 * a reader lets go in the moment in which the file ends.
 */
export function streamOf(content: AsyncIterable<Uint8Array>): Bytes {
  const iterator = content[Symbol.asyncIterator]();
  return new ReadableStream({
    async pull(controller) {
      const { done, value } = await iterator.next();
      if (done) controller.close();
      else controller.enqueue(value);
    },
    async cancel() {
      await iterator.return?.();
    },
  });
}
