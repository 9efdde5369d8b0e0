/** A row of the old system's database, read with care: any column may be missing, sealed with Fernet, or nonsense. */
import { DateTime } from 'luxon';
import { FernetError, openFernet } from '@/lib/platform/fernet';

/** A row by the names of its columns, as SQLite gives it. */
export type OldRow = Readonly<Record<string, unknown>>;

/** Something that does not fit: which column, and why; never what stood there. */
export class Misfit extends Error {
  override name = 'Misfit';
  constructor(
    readonly column: string,
    readonly why: string,
  ) {
    super(`${column}: ${why}`);
  }
}

/** Reads a row's columns; each by any of the names that it may have. */
export type OldColumns = {
  /** What stands there, opened where it was sealed; null for nothing. @throws Misfit where no key opens it. */
  readonly text: (...names: string[]) => string | null;
  readonly needed: (...names: string[]) => string;
  readonly number: (...names: string[]) => number | null;
  readonly flag: (...names: string[]) => boolean;
  /** A moment: ISO 8601 or SQL, in UTC where it names no zone, or seconds since 1970. @throws Misfit for anything else. */
  readonly date: (...names: string[]) => Date | null;
};

/** @param keys those of the old system, each 32 bytes. */
export function columnsOf(row: OldRow, keys: readonly Buffer[]): OldColumns {
  const nameOf = (names: readonly string[]) => names.find((name) => row[name] !== undefined && row[name] !== null);
  const text = (...names: string[]): string | null => {
    const name = nameOf(names);
    if (name === undefined) return null;
    const value = row[name] instanceof Uint8Array ? Buffer.from(row[name]).toString('utf8') : String(row[name]);
    try {
      const opened = value.startsWith('gAAAAA') ? openFernet(value, keys) : value;
      return opened.trim() || null;
    } catch (error) {
      if (!(error instanceof FernetError)) throw error;
      throw new Misfit(name, 'is sealed, and no key in OLD_ENCRYPTION_KEY opens it');
    }
  };
  const needed = (...names: string[]): string => {
    const value = text(...names);
    if (value === null) throw new Misfit(names[0] ?? '', 'is missing');
    return value;
  };
  const number = (...names: string[]): number | null => {
    const value = text(...names);
    if (value === null) return null;
    if (!Number.isFinite(Number(value))) throw new Misfit(nameOf(names) ?? '', 'is no number');
    return Number(value);
  };
  const date = (...names: string[]): Date | null => {
    const value = text(...names);
    if (value === null) return null;
    const zone = { zone: 'utc' } as const;
    const at = /^\d{9,10}(?:\.\d+)?$/.test(value)
      ? DateTime.fromSeconds(Number(value), zone)
      : [DateTime.fromSQL(value, zone), DateTime.fromISO(value, zone)].find(({ isValid }) => isValid);
    if (!at?.isValid) throw new Misfit(nameOf(names) ?? '', 'is no moment that can be read');
    return at.toJSDate();
  };
  const flag = (...names: string[]) => ['1', 'true', 't', 'yes'].includes((text(...names) ?? '').toLowerCase());
  return { text, needed, number, flag, date };
}
