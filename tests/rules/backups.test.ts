import { describe, expect, test } from 'vitest';
import { isKey } from '@/lib/platform/store';
import {
  backupKeptUntil,
  backupKeys,
  backupName,
  backupsToDelete,
  isBackupLate,
  isBackupName,
  isLeftBehind,
  momentOf,
} from '@/lib/rules/backups';

const now = new Date('2026-11-22T02:17:00.123Z');
const daysAgo = (days: number) => new Date(now.getTime() - days * 86_400_000);
const aged = (days: number, isGood = true) => ({ madeAt: daysAgo(days), isGood });

test('a backup is called by its moment, in letters that every store takes, and the newest sorts last', () => {
  const name = backupName(now);
  expect(name).toBe('20261122t021700.123z');
  expect(isBackupName(name)).toBe(true);
  expect(momentOf(name)).toEqual(now);
  const { manifest, recordings, script } = backupKeys(name);
  for (const key of [manifest, recordings, script('zstd'), script('gzip')]) expect(isKey(key)).toBe(true);
  expect([backupName(now), backupName(daysAgo(1))].toSorted()[1]).toBe(name);
});

describe('of backups', () => {
  test('those go that are thirty days old, and not a moment earlier', () => {
    const [young, old] = [aged(29.999), aged(30)];
    expect(backupsToDelete([aged(0), young, old], now)).toEqual([old]);
  });

  test('the last good one never goes, however old it is and whatever is newer', () => {
    const good = aged(90);
    const older = aged(120);
    expect(backupsToDelete([good, older, aged(40, false), aged(1, false)], now)).toEqual([older, aged(40, false)]);
  });

  test('nobody may delete one before we do', () => {
    expect(backupsToDelete([aged(0), aged(30)], now)).toHaveLength(1);
    expect(backupKeptUntil(daysAgo(30))).toEqual(now);
  });

  test('one is late after a day and a half, and what has no manifest after a day was left behind', () => {
    expect([isBackupLate(daysAgo(1.49), now), isBackupLate(daysAgo(1.51), now)]).toEqual([false, true]);
    expect([isLeftBehind(daysAgo(0.99), now), isLeftBehind(daysAgo(1.01), now)]).toEqual([false, true]);
  });
});
