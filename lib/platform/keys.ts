/**
 * The keys of `ENCRYPTION_KEY`: the first seals, all of them open. From each come, by HKDF (RFC 5869), an id, which stands
 * in what it sealed, and keys to seal with, for blind indexes and for papers.
 */
import { hkdfSync, pbkdf2Sync, randomBytes } from 'node:crypto';
import { EnvError, env } from '@/lib/platform/env';

export type Key = {
  /** Four bytes. */
  readonly id: Buffer;
  /** The same in hexadecimal digits, as it is shown. */
  readonly name: string;
  /**
   * In which of its two columns a blind index of this key stands: a bit of the id, so that everybody who has the key knows
   * without being told. The first key and the last must differ in it; `npm run keys -- generate` sees to that.
   */
  readonly side: 'a' | 'b';
  readonly seal: Buffer;
  readonly index: Buffer;
  /** For papers in the store (authentic.ts). */
  readonly paper: Buffer;
};

/** OWASP's least number of rounds for PBKDF2 with SHA-256 (Password Storage Cheat Sheet, 2023). */
const rounds = 600_000;

const derive = (secret: Buffer, purpose: string, length: number) =>
  Buffer.from(hkdfSync('sha256', secret, '', `aftercallpro ${purpose}`, length));

/** The key that one entry of `ENCRYPTION_KEY` stands for: 32 bytes in base64, or `pbkdf2:<salt>:<passphrase>`. */
export function keyFrom(entry: string): Key {
  const secret = secretOf(entry);
  const id = derive(secret, 'key id', 4);
  return {
    id,
    name: id.toString('hex'),
    side: id.readUInt8(3) % 2 === 0 ? 'a' : 'b',
    seal: derive(secret, 'seal', 32),
    index: derive(secret, 'index', 32),
    paper: derive(secret, 'paper', 32),
  };
}

/** The 32 bytes that an entry stands for. */
export function secretOf(entry: string): Buffer {
  const [, salt, passphrase] = /^pbkdf2:([^:]*):(.*)$/s.exec(entry) ?? [];
  if (salt === undefined || passphrase === undefined) return Buffer.from(entry, 'base64url');
  return pbkdf2Sync(passphrase.normalize('NFC'), salt, rounds, 32, 'sha256');
}

/** A new entry for `ENCRYPTION_KEY`; one whose index stands on the given side, where it is to take turns with another. */
export function newEntry(side?: Key['side']): string {
  const entry = randomBytes(32).toString('base64').replaceAll('+', '-').replaceAll('/', '_');
  return side === undefined || keyFrom(entry).side === side ? entry : newEntry(side);
}

export type KeyRing = {
  /** In the order of `ENCRYPTION_KEY`. */
  readonly all: readonly Key[];
  readonly first: Key;
  /**
   * Whose index stands in each of the two columns. The last key is the oldest, and every row has its index, until it is
   * taken out; the first fills the other column meanwhile. What stands between opens, and is not looked up by.
   */
  readonly index: { readonly a: Key; readonly b: Key };
};

/** @throws EnvError for keys that cannot stand beside each other. */
export function keyRingOf(entries: readonly [string, ...string[]]): KeyRing {
  const [entry, ...others] = entries;
  const first = keyFrom(entry);
  const all = [first, ...others.map(keyFrom)];
  if (new Set(all.map(({ name }) => name)).size < all.length)
    throw new EnvError('ENCRYPTION_KEY holds the same key twice: take one of them out');
  const last = all.at(-1) ?? first;
  if (first !== last && first.side === last.side)
    throw new EnvError(
      'ENCRYPTION_KEY has a first and a last key that cannot take turns: make the new one with npm run keys -- generate',
    );
  return { all, first, index: last.side === 'a' ? { a: last, b: first } : { a: first, b: last } };
}

let ring: KeyRing | undefined;

/** The keys of this process. They are derived once, which takes a third of a second for a passphrase. */
export function keyRing(): KeyRing {
  ring ??= keyRingOf(env().ENCRYPTION_KEY);
  return ring;
}
