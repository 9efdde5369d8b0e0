/**
 * Brings people, businesses, calls and appointments over from the Flask system. A row has the same id here however often
 * it is brought, so that it is there once; a row that does not fit is named and left behind, and no other with it.
 */
import { log } from '@/lib/platform/log';
import type { System, Visit } from '@/lib/platform/visit';
import { moveAppointment } from './move-appointment';
import { moveBusiness } from './move-business';
import { moveCall } from './move-call';
import { moveUser } from './move-user';
import type { Move, Moving } from './moving';
import { columnsOf, Misfit, type OldRow } from './old-row';

export type OldDatabase = {
  /** The names of its tables. */
  readonly tables: readonly string[];
  /** All rows of one of them, one after the other. */
  readonly rows: (table: string) => Iterable<OldRow>;
};

/** A row, or a part of one, that was not brought over. `column` is empty where it is the row as a whole. */
export type LeftBehind = {
  readonly table: string;
  readonly id: string;
  readonly column: string;
  readonly why: string;
  /** The rest of the row was brought over. */
  readonly isPart: boolean;
};
export type Moved = {
  readonly table: string;
  readonly read: number;
  readonly brought: number;
  readonly hereAlready: number;
};

const steps: readonly { readonly names: readonly string[]; readonly move: Move }[] = [
  { names: ['users', 'user'], move: moveUser },
  { names: ['businesses', 'business'], move: moveBusiness },
  { names: ['calls', 'call'], move: moveCall },
  { names: ['appointments', 'appointment'], move: moveAppointment },
];

type Desk = {
  readonly asSystem: <T>(run: (visit: Visit<System>) => Promise<T>) => Promise<T>;
  readonly left: (one: LeftBehind) => void;
  readonly told?: (moved: Moved) => void;
};

/**
 * @param keys those that the old system sealed with.
 * @throws Misfit where the file holds none of the tables; whatever the database throws but for rows that it refuses.
 */
export async function moveIn(
  { asSystem, left, told }: Desk,
  old: OldDatabase,
  keys: readonly Buffer[],
  { isDryRun }: { readonly isDryRun: boolean },
): Promise<readonly Moved[]> {
  const users = new Map<string, string>();
  const businesses: Moving['businesses'] = new Map();
  const all: Moved[] = [];
  for (const { names, move } of steps) {
    const table = names.find((name) => old.tables.includes(name));
    if (table === undefined) continue;
    const counts = { read: 0, brought: 0, hereAlready: 0 };
    for (const row of old.rows(table)) {
      const id = String(row.id ?? '');
      counts.read += 1;
      const parts: LeftBehind[] = [];
      const leave = (column: string, why: string) => void parts.push({ table, id, column, why, isPart: true });
      try {
        const columns = columnsOf(row, keys);
        columns.needed('id');
        const outcome = await asSystem((visit) => move({ visit, columns, isDryRun, users, businesses, leave }));
        counts[outcome === 'brought' ? 'brought' : 'hereAlready'] += 1;
        for (const part of parts) left(part);
      } catch (error) {
        left({ table, id, ...reasonOf(error), isPart: false });
      }
      if (counts.read % 100 === 0) told?.({ table, ...counts });
    }
    all.push({ table, ...counts });
    told?.({ table, ...counts });
  }
  if (all.length === 0) throw new Misfit('', 'has none of the tables users, businesses, calls and appointments');
  return all;
}

/** @throws what is no fault of the row. */
function reasonOf(error: unknown): { readonly column: string; readonly why: string } {
  if (error instanceof Misfit) return { column: error.column, why: error.why };
  const { code } = Object(error);
  // A value that the database refuses: its message quotes the row.
  if (typeof code !== 'string' || !/^P20/.test(code)) throw error;
  log.warn({ event: 'moving.refused', error });
  return { column: '', why: 'does not fit our tables' };
}
