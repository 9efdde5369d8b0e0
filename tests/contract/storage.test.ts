/** What every store must do, whatever it is made of, and what is each one's own. */
import { createHash } from 'node:crypto';
import { mkdtemp, readdir, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import {
  DeleteObjectCommand,
  HeadObjectCommand,
  ListMultipartUploadsCommand,
  ListObjectVersionsCommand,
} from '@aws-sdk/client-s3';
import { generateIdentity } from 'age-encryption';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { decrypt, encrypt } from '@/lib/platform/age';
import { newId } from '@/lib/platform/clock';
import { diskStore } from '@/lib/platform/disk-store';
import { env } from '@/lib/platform/env';
import { type S3Place, s3Store } from '@/lib/platform/s3-store';
import { NotStored, type Storage, storageKey } from '@/lib/platform/storage';
import { type BadProxy, startBadProxy } from '@/tests/support/bad-proxy';
import { hasS3, type S3Server, startS3 } from '@/tests/support/s3-server';

const streamOf = (...chunks: (Uint8Array | Error)[]) =>
  new ReadableStream<Uint8Array>({
    pull(controller) {
      const next = chunks.shift();
      if (next === undefined) controller.close();
      else if (next instanceof Error) throw next;
      else controller.enqueue(next);
    },
  });
const bytesOf = async (stream: ReadableStream<Uint8Array>) => Buffer.from(await new Response(stream).arrayBuffer());
const allOf = async <T>(items: AsyncIterable<T>) => {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
};
const aKey = () => storageKey(newId(), 'recordings', newId());

let s3: S3Server;
beforeAll(async () => {
  if (hasS3) s3 = await startS3();
});
afterAll(() => s3?.stop());

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'aftercallpro-'));
});
afterEach(() => rm(folder, { recursive: true }));

/** Somewhere empty, and what opens a store there, as another process would. */
type Place = () => Promise<() => Storage>;
const onDisk: Place = async () => () => diskStore(folder);
const inBucket =
  (options?: Parameters<S3Server['makeBucket']>[0]): Place =>
  async () => {
    const place = await s3.makeBucket(options);
    return () => s3Store(place);
  };

const places = [
  { name: 'a folder', there: true, place: onDisk },
  { name: 'a bucket', there: hasS3, place: inBucket() },
  { name: 'a bucket that keeps versions', there: hasS3, place: inBucket({ locks: true }) },
];

for (const { name, there, place } of places) {
  describe.skipIf(!there)(`a store in ${name}`, () => {
    let make: () => Storage;
    beforeEach(async () => {
      make = await place();
    });

    test('gives back what was put', async () => {
      const key = aKey();
      await make().put(key, streamOf(Buffer.from('first '), Buffer.from('second')));
      expect((await bytesOf(await make().read(key))).toString()).toBe('first second');
    });

    test('puts something new in the place of what was there', async () => {
      const key = aKey();
      await make().put(key, streamOf(Buffer.from('a long first one')));
      await make().put(key, streamOf(Buffer.from('second')));
      expect((await bytesOf(await make().read(key))).toString()).toBe('second');
    });

    test('keeps what was there when what is to take its place breaks off', async () => {
      const key = aKey();
      await make().put(key, streamOf(Buffer.from('whole')));
      await expect(make().put(key, streamOf(Buffer.from('ha'), new Error('cut')))).rejects.toThrow('cut');
      expect((await bytesOf(await make().read(key))).toString()).toBe('whole');
    });

    test('has nothing under a key where the only write broke off', async () => {
      const key = aKey();
      await expect(make().put(key, streamOf(Buffer.from('ha'), new Error('cut')))).rejects.toThrow('cut');
      await expect(make().read(key)).rejects.toThrow(NotStored);
    });

    test('forgets what is deleted, and does not mind being asked again', async () => {
      const key = aKey();
      await make().put(key, streamOf(Buffer.from('gone')));
      await make().delete(key);
      await expect(make().read(key)).rejects.toThrow(NotStored);
      await make().delete(key);
      await make().delete(aKey());
    });

    test('says how large something is, and of nothing that it is not there', async () => {
      const key = aKey();
      expect(await make().stat(key)).toBeNull();
      await make().put(key, streamOf(Buffer.alloc(70_000), Buffer.alloc(5)));
      expect(await make().stat(key)).toEqual({ bytes: 70_005 });
      await make().put(key, streamOf());
      expect(await make().stat(key)).toEqual({ bytes: 0 });
    });

    test('lists by key what begins alike, and nothing else', async () => {
      const since = Date.now();
      const kept = ['a-b/c', 'a/b.age', 'a/b-1/c', 'a/b/c', 'a/c/d', 'b/b'].map((key) => `list/${key}`);
      for (const key of kept) await make().put(key, streamOf(Buffer.from(key)));
      const found = await allOf(make().list('list/'));
      expect(found.map(({ key }) => key)).toEqual(kept.toSorted());
      for (const { key, bytes, storedAt } of found) {
        expect(bytes).toBe(key.length);
        expect(Math.abs(storedAt.getTime() - since)).toBeLessThan(60_000);
      }
      const keysUnder = async (prefix: string) => (await allOf(make().list(prefix))).map(({ key }) => key);
      expect(await keysUnder('list/a/b')).toEqual(['list/a/b-1/c', 'list/a/b.age', 'list/a/b/c']);
      expect(await keysUnder('list/a/b.age')).toEqual(['list/a/b.age']);
      expect(await keysUnder('list/nothing')).toEqual([]);
      expect(await keysUnder('../')).toEqual([]);
    });

    test('holds many writers of one key apart', async () => {
      const key = aKey();
      const contents = Array.from({ length: 20 }, (_, n) => Buffer.alloc(50_000, n));
      await Promise.all(contents.map((content) => make().put(key, streamOf(content))));
      const kept = await bytesOf(await make().read(key));
      expect(contents.some((content) => content.equals(kept))).toBe(true);
    });

    test('V5.3.2 refuses every key but its own', async () => {
      const id = newId();
      const keys = [
        '',
        '/etc/passwd',
        `../${id}/recordings/${id}.age`,
        `${id}/../${id}.age`,
        `${id}/recordings/${id}.age/..`,
      ];
      for (const key of [
        ...keys,
        `${id}/recordings/${id}.age\0`,
        `${id}/.unfinished/${id}`,
        `${id}/Recordings/${id}.age`,
        `${id}//${id}.age`,
        id,
        `a/${'b'.repeat(500)}`,
        `${id}\\recordings\\${id}.age`,
        `\n${id}/recordings/${id}.age`,
      ]) {
        await expect(make().put(key, streamOf(Buffer.from('x')))).rejects.toThrow('not a key');
        await expect(make().read(key)).rejects.toThrow('not a key');
        await expect(make().stat(key)).rejects.toThrow('not a key');
        await expect(make().delete(key)).rejects.toThrow('not a key');
      }
      expect(await allOf(make().list(''))).toEqual([]);
    });

    test('lets a reader go at any moment, and breaks nothing by it', async () => {
      const key = aKey();
      await make().put(key, streamOf(Buffer.alloc(200_000)));
      for (let reads = 0; reads < 8; reads += 1) {
        const reader = (await make().read(key)).getReader();
        for (let n = 0; n < reads; n += 1) await reader.read();
        const last = reader.read(); // on its way still
        await reader.cancel();
        await last;
      }
    });

    test('takes what is far larger than a part of an upload, and says its size', async () => {
      const key = aKey();
      const chunk = Buffer.alloc(1_000_000, 'speech ');
      await make().put(key, streamOf(...Array<Buffer>(30).fill(chunk), Buffer.from('end')));
      expect(await make().stat(key)).toEqual({ bytes: 30_000_003 });
      const hash = createHash('sha256');
      for await (const part of await make().read(key)) hash.update(part);
      const expected = createHash('sha256');
      for (let n = 0; n < 30; n += 1) expected.update(chunk);
      expect(hash.digest()).toEqual(expected.update('end').digest());
    });
  });
}

describe('in a folder', () => {
  test('files are for their owner alone', async () => {
    const key = aKey();
    await diskStore(folder).put(key, streamOf(Buffer.from('x')));
    const file = path.join(folder, key);
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect((await stat(path.dirname(file))).mode & 0o777).toBe(0o700);
  });

  test('nothing stays of a write that broke off', async () => {
    await expect(diskStore(folder).put(aKey(), streamOf(Buffer.from('ha'), new Error('cut')))).rejects.toThrow('cut');
    expect(await readdir(path.join(folder, '.unfinished'))).toEqual([]);
  });

  test('what a killed process left half written goes, and what is being written stays', async () => {
    const store = diskStore(folder);
    await store.put(aKey(), streamOf(Buffer.from('x')));
    const unfinished = path.join(folder, '.unfinished');
    await writeFile(path.join(unfinished, 'left'), 'a voice');
    await writeFile(path.join(unfinished, 'growing'), 'a voice');
    const yesterday = new Date(Date.now() - 86_400_000);
    await utimes(path.join(unfinished, 'left'), yesterday, yesterday);
    await store.put(aKey(), streamOf(Buffer.from('x')));
    expect(await readdir(unfinished)).toEqual(['growing']);
  });
});

describe.skipIf(!hasS3)('in a bucket', () => {
  /** Far less than in earnest, and enough for a server on this machine. */
  const patience = { connect: 2_000, silence: 1_000 };
  let proxy: BadProxy;
  let place: S3Place;
  let store: Storage;
  beforeEach(async () => {
    proxy = await startBadProxy(s3.endpoint);
    place = { ...(await s3.makeBucket()), endpoint: proxy.endpoint };
    store = s3Store(place, patience);
  });
  afterEach(() => proxy.stop());

  const large = () => streamOf(...Array<Buffer>(20).fill(Buffer.alloc(1_000_000, 'speech ')));
  const partsLeft = async () => {
    const { Uploads = [] } = await s3.client.send(new ListMultipartUploadsCommand({ Bucket: place.bucket }));
    return Uploads.length;
  };

  test('the server is asked to seal whatever it is given, whole or in parts', async () => {
    await store.put(aKey(), streamOf(Buffer.from('x')));
    await store.put(aKey(), large());
    const begun = proxy.requests.filter(({ method, url = '' }) =>
      method === 'PUT' ? !url.includes('partNumber') : url.includes('?uploads'),
    );
    expect(begun.map(({ headers }) => headers['x-amz-server-side-encryption'])).toEqual(['AES256', 'AES256']);
  });

  test('nothing stays of an upload whose source breaks off, or whose parts are refused', async () => {
    const key = aKey();
    const chunks = Array<Buffer>(20).fill(Buffer.alloc(1_000_000));
    await expect(store.put(key, streamOf(...chunks, new Error('cut')))).rejects.toThrow('cut');
    expect([await partsLeft(), await store.stat(key)]).toEqual([0, null]);

    proxy.decide(({ url = '' }) => (url.includes('partNumber=2') ? 'busy' : 'passes'));
    await expect(store.put(key, large())).rejects.toThrow();
    expect([await partsLeft(), await store.stat(key)]).toEqual([0, null]);
  });

  test('the source of an upload that fails is let go of', async () => {
    proxy.decide(() => 'busy');
    const cancelled = vi.fn();
    const endless = new ReadableStream<Uint8Array>({
      pull: (controller) => controller.enqueue(Buffer.alloc(1_000_000)),
      cancel: cancelled,
    });
    await expect(store.put(aKey(), endless)).rejects.toThrow();
    expect(cancelled).toHaveBeenCalledOnce();
  });

  test('a server that is busy for a moment is asked again, and one that stays so fails', async () => {
    const key = aKey();
    let busy = 2;
    proxy.decide(() => (busy-- > 0 ? 'busy' : 'passes'));
    await store.put(key, streamOf(Buffer.from('x')));
    expect(await store.stat(key)).toEqual({ bytes: 1 });

    proxy.decide(() => 'busy');
    const before = proxy.requests.length;
    await expect(store.stat(key)).rejects.toThrow();
    expect(proxy.requests.length).toBe(before + 3);
  });

  test('a server that says nothing is given up, whatever was asked of it', async () => {
    const key = aKey();
    await store.put(key, streamOf(Buffer.from('x')));
    proxy.decide(() => 'silence');
    const asked = [
      store.put(key, streamOf(Buffer.from('y'))),
      store.read(key),
      store.stat(key),
      allOf(store.list('')),
      store.delete(key),
    ];
    for (const outcome of await Promise.allSettled(asked)) expect(outcome.status).toBe('rejected');
  });

  test('a file is read to its end over connections that break, and not past a third that brings nothing', async () => {
    const key = aKey();
    await store.put(key, large());
    let broken = 0;
    proxy.decide(({ method }) => (method === 'GET' && broken++ < 5 ? { cutAfter: 3_000_000 } : 'passes'));
    const hash = createHash('sha256');
    for await (const part of await store.read(key)) hash.update(part);
    const expected = createHash('sha256');
    for await (const part of large()) expected.update(part);
    expect(hash.digest()).toEqual(expected.digest());
    expect(broken).toBe(6);

    proxy.decide(({ headers }) => (headers.range ? 'busy' : { cutAfter: 3_000_000 }));
    await expect(
      store
        .read(key)
        .then(bytesOf)
        .then(({ length }) => length),
    ).rejects.toThrow();
  });

  test('a file that is replaced while it is read is not mixed with the new one', async () => {
    const key = aKey();
    await store.put(key, large());
    proxy.decide(({ headers }) => (headers.range ? 'passes' : { cutAfter: 3_000_000 }));
    const reading = await store.read(key);
    await s3Store({ ...place, endpoint: s3.endpoint }).put(key, streamOf(Buffer.alloc(20_000_000, 'other')));
    await expect(bytesOf(reading).then(({ length }) => length)).rejects.toThrow();
  });

  test('a list goes on past the thousand that a server tells at once', async () => {
    const direct = s3Store({ ...place, endpoint: s3.endpoint });
    for (let at = 0; at < 1_010; at += 101) {
      await Promise.all(
        Array.from({ length: 101 }, (_, n) => direct.put(`many/${String(at + n).padStart(4, '0')}`, streamOf())),
      );
    }
    const keys = (await allOf(store.list('many/'))).map(({ key }) => key);
    expect(keys).toEqual(Array.from({ length: 1_010 }, (_, n) => `many/${String(n).padStart(4, '0')}`));
  });

  test('what is deleted is gone with every version of it', async () => {
    const { bucket, ...rest } = await s3.makeBucket({ locks: true });
    const versioned = s3Store({ bucket, ...rest });
    const key = aKey();
    for (const text of ['one', 'two']) await versioned.put(key, streamOf(Buffer.from(text)));
    await versioned.put(`${key}.more`, streamOf(Buffer.from('another')));
    await s3.client.send(new DeleteObjectCommand({ Bucket: bucket, Key: key })); // hidden, as by somebody else
    await versioned.delete(key);
    const { Versions = [], DeleteMarkers = [] } = await s3.client.send(
      new ListObjectVersionsCommand({ Bucket: bucket }),
    );
    expect([...Versions, ...DeleteMarkers].map(({ Key }) => Key)).toEqual([`${key}.more`]);
  });

  test.each([
    ['whole', () => streamOf(Buffer.from('x'))],
    ['in parts', large],
  ])('what is kept until a date cannot be deleted before, nor changed under it: uploaded %s', async (_, content) => {
    const { bucket, ...rest } = await s3.makeBucket({ locks: true });
    const locking = s3Store({ bucket, ...rest });
    const key = aKey();
    await locking.put(key, content(), { keepUntil: new Date(Date.now() + 3_600_000) });
    const { VersionId } = await s3.client.send(new HeadObjectCommand({ Bucket: bucket, Key: key }));
    await expect(locking.delete(key)).rejects.toThrow(/does not allow this .* wait for the end of a lock/);
    expect(await locking.stat(key)).not.toBeNull();

    await locking.put(key, streamOf(Buffer.from('in its place')));
    await expect(locking.delete(key)).rejects.toThrow('does not allow this');
    const { Versions = [] } = await s3.client.send(new ListObjectVersionsCommand({ Bucket: bucket }));
    expect(Versions.map((version) => version.VersionId)).toContain(VersionId);
  });

  test('where the bucket has no lock, a date to keep something until changes nothing', async () => {
    const key = aKey();
    await store.put(key, streamOf(Buffer.from('x')), { keepUntil: new Date(Date.now() + 3_600_000) });
    await store.delete(key);
    expect(await store.stat(key)).toBeNull();
  });

  test.each([
    [
      'a bucket that is not there',
      { bucket: 'not-there' },
      'there is no bucket not-there: make it, or correct its name',
    ],
    ['a key that nobody knows', { accessKeyId: 'unknown' }, 'the store does not know AWS_ACCESS_KEY_ID: correct it'],
    [
      'a secret that is wrong',
      { secretAccessKey: 'wrong' },
      'AWS_SECRET_ACCESS_KEY does not belong to AWS_ACCESS_KEY_ID: correct it',
    ],
  ])('%s is told in one line, whatever was asked', async (_, wrong, message) => {
    const refused = s3Store({ ...place, ...wrong }, patience);
    const key = aKey();
    const asked = [
      refused.put(key, streamOf(Buffer.from('x'))),
      refused.put(key, streamOf(Buffer.from('x')), { keepUntil: new Date() }),
      refused.read(key),
      refused.stat(key),
      allOf(refused.list('')),
      refused.delete(key),
    ];
    for (const outcome of await Promise.allSettled(asked)) {
      expect(outcome).toMatchObject({ status: 'rejected', reason: { name: 'StoreError', message } });
    }
  });

  test('whoever has no key gets nothing: neither a list nor a file', async () => {
    const key = aKey();
    await store.put(key, streamOf(Buffer.from('x')));
    for (const path of ['', `/${key}`]) {
      expect((await fetch(`${s3.endpoint}/${place.bucket}${path}`)).status).toBe(403);
    }
  });
});

describe('an age file', () => {
  const plain = Buffer.alloc(200_000, 'speech ');

  test('opens again equal', async () => {
    expect((await bytesOf(await decrypt(await encrypt(streamOf(plain))))).equals(plain)).toBe(true);
  });

  test('that was changed or cut short does not open to its end', async () => {
    const sealed = await bytesOf(await encrypt(streamOf(plain)));
    const changed = Buffer.from(sealed);
    changed[100_000] = (changed[100_000] ?? 0) ^ 1;
    for (const file of [
      changed,
      sealed.subarray(0, 100_000),
      sealed.subarray(0, -1),
      Buffer.concat([sealed, sealed]),
    ]) {
      await expect(decrypt(streamOf(file)).then(bytesOf)).rejects.toThrow();
    }
  });

  test('V11.2.2 of the key before opens beside the new one, which new files are made for', async () => {
    const before = env().STORAGE_AGE_IDENTITIES[0];
    const after = await generateIdentity();
    const withKeys = async (...keys: string[]) => {
      vi.stubEnv('STORAGE_AGE_IDENTITIES', keys.join(','));
      vi.resetModules();
      return import('@/lib/platform/age');
    };
    const old = await bytesOf(await encrypt(streamOf(plain)));
    const during = await withKeys(after, before);
    expect((await bytesOf(await during.decrypt(streamOf(old)))).equals(plain)).toBe(true);
    const made = await bytesOf(await during.encrypt(streamOf(plain)));
    const alone = await withKeys(after);
    expect((await bytesOf(await alone.decrypt(streamOf(made)))).equals(plain)).toBe(true);
    await expect(alone.decrypt(streamOf(old))).rejects.toThrow();
  });

  test('that cannot be opened is let go of', async () => {
    const store = diskStore(folder);
    const key = aKey();
    await store.put(key, streamOf(Buffer.from('no age file\n')));
    let released = false;
    const reader = (await store.read(key)).getReader();
    const file = new ReadableStream<Uint8Array>({
      async pull(controller) {
        const { value } = await reader.read();
        if (value) controller.enqueue(value);
      },
      cancel: (reason) => {
        released = true;
        return reader.cancel(reason);
      },
    });
    await expect(decrypt(file)).rejects.toThrow();
    expect(released).toBe(true);
  });
});
