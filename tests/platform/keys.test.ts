/** What is derived from ENCRYPTION_KEY, and whose index stands in which column. */
import { pbkdf2Sync } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { keyFrom, keyRingOf, newEntry } from '@/lib/platform/keys';

describe('a key', () => {
  test('is the same in every process, and its id tells nothing of it', () => {
    const entry = newEntry();
    const [one, again] = [keyFrom(entry), keyFrom(entry)];
    expect(again).toEqual(one);
    expect(one.name).toMatch(/^[0-9a-f]{8}$/);
    expect(Buffer.from(entry, 'base64url').includes(one.id)).toBe(false);
    expect(one.seal.equals(one.index)).toBe(false);
  });

  test('of a passphrase is stretched with PBKDF2, SHA-256, 600,000 rounds and its salt', () => {
    const [salt, passphrase] = ['a salt of our own', 'correct horse: battery staple'];
    const stretched = pbkdf2Sync(passphrase, salt, 600_000, 32, 'sha256').toString('base64url');
    expect(keyFrom(`pbkdf2:${salt}:${passphrase}`)).toEqual(keyFrom(`${stretched}=`));
    expect(keyFrom(`pbkdf2:another salt here:${passphrase}`).name).not.toBe(keyFrom(`${stretched}=`).name);
  });
});

describe('a list of keys', () => {
  const [a, a2, b, b2] = [newEntry('a'), newEntry('a'), newEntry('b'), newEntry('b')];
  const inColumns = (...entries: [string, ...string[]]) => {
    const { index } = keyRingOf(entries);
    return [index.a.name, index.b.name];
  };
  const names = (...entries: string[]) => entries.map((entry) => keyFrom(entry).name);

  test('of one key has its index in both columns', () => {
    expect(inColumns(a)).toEqual(names(a, a));
    expect(inColumns(b)).toEqual(names(b, b));
  });

  test('of two has each in its own, whichever stands in front', () => {
    expect(inColumns(b, a)).toEqual(names(a, b));
    expect(inColumns(a, b)).toEqual(names(a, b));
  });

  test('whose oldest and newest would share a column is refused: nobody would be found, or be there once', () => {
    for (const same of [
      [a2, a],
      [b, b2],
      [a2, b, a],
    ] as const) {
      expect(() => keyRingOf([...same])).toThrow(/cannot take turns: make the new one with npm run keys -- generate/);
    }
  });

  test('lets the oldest and the newest take turns, whatever stands between', () => {
    expect(inColumns(b2, b, a)).toEqual(names(a, b2));
    expect(inColumns(b2, a2, a)).toEqual(names(a, b2));
  });

  test('with the same key twice is refused', () => {
    expect(() => keyRingOf([a, b, a])).toThrow(/same key twice/);
  });
});
