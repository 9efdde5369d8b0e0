/** What every store must do, whatever it is made of. */
import { mkdtemp, readdir, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { generateIdentity } from 'age-encryption';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { decrypt, encrypt } from '@/lib/platform/age';
import { newId } from '@/lib/platform/clock';
import { diskStore } from '@/lib/platform/disk-store';
import { env } from '@/lib/platform/env';
import { NotStored, type Storage, storageKey } from '@/lib/platform/storage';

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

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'aftercallpro-'));
});
afterEach(() => rm(folder, { recursive: true }));

describe.each<{ name: string; make: () => Storage }>([{ name: 'disk', make: () => diskStore(folder) }])(
  'the $name store',
  ({ make }) => {
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
      expect(await readdir(folder)).toEqual([]);
    });
  },
);

describe('on disk', () => {
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
