/** Brings the Flask system's database over: `npm run import -- <sqlite file>`. */
import sqlite3 from 'node-sqlite3-wasm';
import { command } from '@/lib/doors/command';
import { type LeftBehind, type Moved, moveIn, type OldDatabase } from '@/lib/moving/move-in';
import { Misfit, type OldRow } from '@/lib/moving/old-row';
import { env } from '@/lib/platform/env';
import { secretOf } from '@/lib/platform/keys';
import { NotUnderstood, runCommand } from './support/command';

const help = `npm run import -- <sqlite file> [--dry-run]

Brings users, businesses, calls and appointments over from the Flask system's SQLite file, which it only reads. Fields that
are sealed with Fernet are opened with OLD_ENCRYPTION_KEY and sealed anew. Passwords go over as they were hashed, under
argon2id, and are hashed anew when their owner signs in for the first time. Opening hours and recordings stay behind.

It may be run again: what is here already stays as it is. Every row that did not fit is named, with its column and the
reason, and never with what stood there. With --dry-run nothing is changed, and everything is named that would not fit.

It works in the environment's database (DATABASE_URL), or, where none is set, in that of npm run dev and npm run demo.
`;

/** @returns the exit code: 0 all of it is here, 1 something was left behind. */
async function bringOver(file: string, isDryRun: boolean): Promise<number> {
  const keys = [...(env().OLD_ENCRYPTION_KEY ?? []), ...env().ENCRYPTION_KEY].map(secretOf);
  const old = openOld(file);
  if (old === null) {
    console.error('This is no SQLite file that can be read. One that is in use: sqlite3 old.db ".backup copy.db"');
    return 1;
  }
  const left: LeftBehind[] = [];
  try {
    const told = process.stderr.isTTY ? progress : undefined;
    const desk = { asSystem: command, left: (one: LeftBehind) => void left.push(one), ...(told && { told }) };
    const moved = await moveIn(desk, old, keys, { isDryRun });
    if (process.stderr.isTTY) process.stderr.write('\r\u001b[K');
    report(moved, left, isDryRun);
  } catch (error) {
    if (!(error instanceof Misfit)) throw error;
    console.error(`This file ${error.why}.`);
    return 1;
  } finally {
    old.close();
  }
  return left.some(({ isPart }) => !isPart) ? 1 : 0;
}

/** The file, to read; null where it is none. */
function openOld(file: string): (OldDatabase & { readonly close: () => void }) | null {
  try {
    const sqlite = new sqlite3.Database(file, { readOnly: true, fileMustExist: true });
    const names = sqlite.all("SELECT name FROM sqlite_master WHERE type = 'table'").map(({ name }) => String(name));
    return {
      tables: names,
      *rows(table) {
        const statement = sqlite.prepare(`SELECT * FROM "${table.replaceAll('"', '""')}" ORDER BY rowid`);
        try {
          for (const row of statement.iterate()) yield row as OldRow;
        } finally {
          statement.finalize();
        }
      },
      close: () => sqlite.close(),
    };
  } catch {
    return null;
  }
}

const progress = ({ table, read }: Moved) =>
  void process.stderr.write(`\r\u001b[K${table}: ${read.toLocaleString('en-GB')}`);

function report(moved: readonly Moved[], left: readonly LeftBehind[], isDryRun: boolean): void {
  for (const { table, id, column, why, isPart } of left)
    console.log(`${isPart ? 'in part ' : 'not     '}${table} ${id}${column && ` ${column}`}: ${why}`);
  const header = ['table', 'rows', isDryRun ? 'would come' : 'came', 'here already', 'not', 'in part'];
  const rows = moved.map(({ table, read, brought, hereAlready }) => [
    table,
    read,
    brought,
    hereAlready,
    left.filter((one) => one.table === table && !one.isPart).length,
    new Set(left.filter((one) => one.table === table && one.isPart).map(({ id }) => id)).size,
  ]);
  for (const [name, ...cells] of [header, ...rows])
    console.log(`${String(name).padEnd(14)}${cells.map((cell) => String(cell).padStart(14)).join('')}`);
  if (isDryRun) console.log('Nothing was changed.');
}

await runCommand({
  help,
  options: { 'dry-run': { type: 'boolean', default: false } },
  failure: 'Not everything was brought over; run it again',
  run: async ({ values, words }) => {
    const [file, ...others] = words;
    if (file === undefined || others.length > 0) throw new NotUnderstood(words, 'Which file?');
    return bringOver(file, values['dry-run']);
  },
});
