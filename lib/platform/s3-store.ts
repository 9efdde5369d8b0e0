/**
 * A store in a bucket: Amazon's S3, or any server that speaks its protocol. What is in it is an age file already; that
 * the server seals it once more is asked for as well.
 */
import { Readable } from 'node:stream';
import {
  DeleteObjectCommand,
  GetObjectCommand,
  type GetObjectCommandOutput,
  GetObjectLockConfigurationCommand,
  ListObjectsV2Command,
  ListObjectVersionsCommand,
  PutObjectRetentionCommand,
  paginateListObjectsV2,
  S3Client,
} from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';
import { checkKey, isKey, NotStored, type Storage, StoreError, streamOf } from '@/lib/platform/store';

/** Where a bucket is, and with which key it opens. `endpoint` is that of a server other than Amazon's. */
export type S3Place = {
  readonly bucket: string;
  readonly endpoint?: string | undefined;
  readonly region: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
};

/** Milliseconds to reach the server, and those it may be silent while something is asked of it. */
type Patience = { readonly connect: number; readonly silence: number };

/** A request, or a connection that breaks, in all. */
const TRIES = 3;

/** Parts of an upload, of which there may be 10,000: up to 80 GB, in less than 50 MB of memory. */
const PART_BYTES = 8 * 1024 * 1024;
const PARTS_AT_ONCE = 2;

export function s3Store(
  { bucket: Bucket, endpoint, region, accessKeyId, secretAccessKey }: S3Place,
  patience: Patience = { connect: 5_000, silence: 20_000 },
): Storage {
  const checksums = endpoint ? 'WHEN_REQUIRED' : 'WHEN_SUPPORTED';
  const client = new S3Client({
    region,
    credentials: { accessKeyId, secretAccessKey },
    maxAttempts: TRIES,
    requestHandler: { connectionTimeout: patience.connect, socketTimeout: patience.silence },
    // Some other servers know neither the newer checksums nor buckets as host names. The signature covers what is sent in
    // any case, and age what is read.
    requestChecksumCalculation: checksums,
    responseChecksumValidation: checksums,
    ...(endpoint && { endpoint, forcePathStyle: true }),
  });

  const get = (Key: string, part: { readonly Range?: string; readonly IfMatch?: string | undefined } = {}) =>
    client.send(new GetObjectCommand({ Bucket, Key, ...part }));

  /** A file to its end, over as many connections as that takes: one that breaks is taken up where it broke. */
  async function* wholeOf(Key: string, first: GetObjectCommandOutput): AsyncGenerator<Uint8Array> {
    const { ContentLength: size = 0, ETag: IfMatch } = first;
    let answer: GetObjectCommandOutput | null = first;
    let at = 0;
    let broken = 0;
    while (true) {
      try {
        answer ??= await get(Key, { Range: `bytes=${at}-`, IfMatch });
        if (answer.ContentLength !== size - at) throw new Error('the store sends another part than was asked for');
        for await (const chunk of answer.Body as Readable) {
          at += chunk.byteLength;
          broken = 0;
          yield chunk;
        }
        return;
      } catch (error) {
        broken += 1;
        if (broken === TRIES) throw explained(error, Bucket);
        answer = null;
      }
    }
  }

  let looking: Promise<boolean> | null = null;
  /** Whether the bucket can keep something from being deleted. Asked once. */
  const hasLock = () => {
    looking ??= client.send(new GetObjectLockConfigurationCommand({ Bucket })).then(
      ({ ObjectLockConfiguration }) => ObjectLockConfiguration?.ObjectLockEnabled === 'Enabled',
      (error: unknown) => {
        if (codeOf(error) === 'ObjectLockConfigurationNotFoundError' || isBeyondServer(error)) return false;
        looking = null;
        throw error;
      },
    );
    return looking;
  };
  /**
   * Not with the upload itself: a server was seen to forget it where that came in parts. Governance: who owns the bucket
   * can lift it, and these credentials must not be able to (docs/deploy.md).
   */
  async function keep(Key: string, VersionId: string | undefined, RetainUntilDate: Date): Promise<void> {
    const Retention = { Mode: 'GOVERNANCE', RetainUntilDate } as const;
    await client.send(new PutObjectRetentionCommand({ Bucket, Key, VersionId, Retention }));
  }

  /** A plain delete in a bucket that keeps versions would only hide what somebody wanted gone. */
  async function deleteVersions(Key: string): Promise<void> {
    let mayBeMore = true;
    while (mayBeMore) {
      const page = await client.send(new ListObjectVersionsCommand({ Bucket, Prefix: Key }));
      const found = [...(page.Versions ?? []), ...(page.DeleteMarkers ?? [])];
      // The oldest first: where it is locked, or we die on the way, the newest is still what is read.
      const versions = found.filter((version) => version.Key === Key).toSorted((a, b) => timeOf(a) - timeOf(b));
      for (const { VersionId } of versions) await client.send(new DeleteObjectCommand({ Bucket, Key, VersionId }));
      mayBeMore = page.IsTruncated === true && versions.length === found.length; // they come by key, and this one first
    }
  }

  const explaining = <T>(work: Promise<T>): Promise<T> =>
    work.catch((error: unknown) => {
      throw explained(error, Bucket);
    });

  return {
    async put(key, content, { keepUntil } = {}) {
      checkKey(key);
      // As Node's own stream, which lets go of its source when an upload fails. The library's way with others does not.
      const Body = Readable.fromWeb(content as Parameters<typeof Readable.fromWeb>[0]);
      const upload = async () => {
        const until = keepUntil && (await hasLock()) ? keepUntil : null;
        const params = { Bucket, Key: key, Body, ServerSideEncryption: 'AES256' } as const;
        const { VersionId } = await new Upload({
          client,
          params,
          partSize: PART_BYTES,
          queueSize: PARTS_AT_ONCE,
        }).done();
        if (until) await keep(key, VersionId, until);
      };
      await explaining(upload().finally(() => Body.destroy()));
    },

    async read(key) {
      checkKey(key);
      const first = await explaining(get(key));
      return streamOf(wholeOf(key, first));
    },

    async stat(key) {
      checkKey(key);
      // A list: the answer to HEAD has no words, and a bucket that is not there would look like a file that is not.
      const request = new ListObjectsV2Command({ Bucket, Prefix: key, MaxKeys: 1 });
      const [found] = (await explaining(client.send(request))).Contents ?? [];
      return found?.Key === key ? { bytes: found.Size ?? 0 } : null;
    },

    async *list(prefix) {
      const pages = paginateListObjectsV2({ client }, { Bucket, Prefix: prefix })[Symbol.asyncIterator]();
      for (let page = await explaining(pages.next()); !page.done; page = await explaining(pages.next())) {
        for (const { Key: key = '', Size: bytes = 0, LastModified: storedAt = new Date(0) } of page.value.Contents ??
          [])
          if (isKey(key)) yield { key, bytes, storedAt };
      }
    },

    async delete(key) {
      checkKey(key);
      const remove = deleteVersions(key).catch((error: unknown) => {
        if (!isBeyondServer(error)) throw error;
        return client.send(new DeleteObjectCommand({ Bucket, Key: key }));
      });
      await explaining(remove);
    },
  };
}

const timeOf = ({ LastModified }: { readonly LastModified?: Date | undefined }) => LastModified?.getTime() ?? 0;

const codeOf = (error: unknown): string => (error instanceof Error ? error.name : '');

/** What the server does not offer at all. */
const isBeyondServer = (error: unknown): boolean =>
  (error as { $metadata?: { httpStatusCode?: number } }).$metadata?.httpStatusCode === 501;

const reasons: Readonly<Record<string, (bucket: string) => string>> = {
  NoSuchBucket: (bucket) => `there is no bucket ${bucket}: make it, or correct its name`,
  PermanentRedirect: (bucket) => `the bucket ${bucket} is in another region: correct AWS_REGION`,
  AuthorizationHeaderMalformed: (bucket) => `the bucket ${bucket} is in another region: correct AWS_REGION`,
  InvalidAccessKeyId: () => 'the store does not know AWS_ACCESS_KEY_ID: correct it',
  SignatureDoesNotMatch: () => 'AWS_SECRET_ACCESS_KEY does not belong to AWS_ACCESS_KEY_ID: correct it',
  RequestTimeTooSkewed: () => 'the clock of this machine is wrong: set it',
  AccessDenied: (bucket) =>
    `the store does not allow this in the bucket ${bucket}: compare its policy with docs/deploy.md, or wait for the end of a lock`,
  NotImplemented: () => 'the store does not offer what was asked of it: give it a key to seal what it keeps (SSE-S3)',
};

/** What went wrong, in words that say what to change where we know it. */
function explained(error: unknown, bucket: string): unknown {
  const code = codeOf(error);
  if (code === 'NoSuchKey') return new NotStored('nothing is kept under this key');
  const reason = reasons[code]?.(bucket);
  return reason ? new StoreError(reason, code, { cause: error }) : error;
}
