/** A drill: a backup is restored beside everything, looked at, and thrown away. Nothing is started in it. */
import { randomBytes } from 'node:crypto';
import { verifyTrail } from '@/lib/audit/verify-trail';
import type { ClockRun, Counts } from '@/lib/jobs/clock-job';
import { type Bulk, connected } from '@/lib/platform/bulk';
import { now } from '@/lib/platform/clock';
import { enterAsOwner } from '@/lib/platform/enter';
import { env } from '@/lib/platform/env';
import { Refusal } from '@/lib/platform/errors';
import { SealError } from '@/lib/platform/sealing';
import { storage } from '@/lib/platform/storage';
import { faultInWords } from '@/lib/rules/audit-seal';
import { type Drill, keepDrill } from './drills';
import { withBackup } from './fetch-backup';
import { loadBackup, RestoredOtherwise } from './load-backup';
import type { Progress } from './make-backup';
import { rowsOf } from './manifest';
import { openAllSealed } from './open-sealed';
import { checkContent, Unreadable } from './read-backup';

type Wish = {
  /** The newest, where none is said. */
  readonly name: string | null;
  /** The address of a login that may make databases on a server whose roles are ours: the owner's. */
  readonly url: string;
  readonly identities: readonly string[];
  /** Told of each step, and of each table in it. */
  readonly step: (title: string) => Progress;
};

/** The backup would not have brought the database back. */
export class DrillFailed extends Error {
  override name = 'DrillFailed';
}

const PREFIX = 'aftercallpro_drill_';

/**
 * Restores a backup into a throwaway database, compares every row, opens every sealed value, and leaves in the store what
 * was found and how long it took.
 *
 * @throws Refusal where it could not be tried; DrillFailed where it was, and the backup would not do.
 */
export function drillBackup({ name, url, identities, step }: Wish): Promise<Drill> {
  const begun = now();
  return withBackup(name, async (backup) => {
    const { manifest } = backup;
    const drill = { backup: manifest.name, at: begun, rows: rowsOf(manifest), opened: 0, sealed: 0 };
    const secondsSoFar = () => Math.round((now().getTime() - begun.getTime()) / 1000);
    const look = async (): Promise<Drill> => {
      await checkContent(backup.read(), manifest, identities, step(`Checking ${manifest.name}`));
      return inThrowaway(url, async (bulk, there) => {
        await loadBackup(bulk, backup, identities, step('Restoring into a throwaway database'));
        const seconds = secondsSoFar();
        step('Opening what is sealed');
        const opened = await openAllSealed(bulk);
        step('Verifying the trail');
        // Without the store, which has gone on since the backup was made.
        const { entries, fault } = await enterAsOwner(there, (enter) => verifyTrail(enter, null));
        return { ...drill, seconds, opened, sealed: entries, fault: fault && faultInWords(fault) };
      });
    };
    const found = await look().catch((error: unknown): Drill => {
      if (error instanceof Refusal) throw error;
      return { ...drill, seconds: secondsSoFar(), fault: faultIn(error) };
    });
    await keepDrill(storage('backups'), found);
    if (found.fault !== null) throw new DrillFailed(found.fault);
    return found;
  });
}

/**
 * The job `drill`.
 *
 * @throws Refusal where the key and the owner's address are not, as in the application.
 */
export async function drillNewest({ isDryRun }: ClockRun): Promise<Counts> {
  const { DIRECT_URL, BACKUP_AGE_IDENTITY } = env();
  if (!DIRECT_URL || !BACKUP_AGE_IDENTITY) {
    throw new Refusal(
      'A drill takes DIRECT_URL and BACKUP_AGE_IDENTITY: run it where these are, and never in the application.',
    );
  }
  if (isDryRun) return {};
  const step = () => () => undefined;
  const { rows, seconds } = await drillBackup({ name: null, url: DIRECT_URL, identities: BACKUP_AGE_IDENTITY, step });
  return { rows, seconds };
}

/** Our own words as they are; of any other error its name, since messages quote what they complain about. */
function faultIn(error: unknown): string {
  if ([Unreadable, RestoredOtherwise, SealError].some((ours) => error instanceof ours)) return (error as Error).message;
  const { name, code } = Object(error);
  return [name, code].filter((part) => typeof part === 'string').join(' ') || 'unknown error';
}

async function inThrowaway<T>(url: string, run: (bulk: Bulk, url: string) => Promise<T>): Promise<T> {
  const database = `${PREFIX}${randomBytes(6).toString('hex')}`;
  const there = new URL(url);
  there.pathname = `/${database}`;
  return connected(url, async (bulk) => {
    await dropLeftovers(bulk);
    await bulk.query(`CREATE DATABASE ${database} TEMPLATE template0`).catch((error: unknown) => {
      if (Object(error).code !== '42501') throw error;
      throw new Refusal(
        'The login of DIRECT_URL may not make databases: give it CREATEDB, or run the drill with the address of another server.',
      );
    });
    try {
      return await connected(there.href, (inside) => run(inside, there.href));
    } finally {
      await bulk.query(`DROP DATABASE ${database} WITH (FORCE)`);
    }
  });
}

/** What a drill that was killed left behind, and nobody is connected to. */
async function dropLeftovers(bulk: Bulk): Promise<void> {
  const left = await bulk.query<{ name: string }>(
    `SELECT datname AS name FROM pg_database d WHERE datname LIKE '${PREFIX.replaceAll('_', '\\_')}%'
      AND NOT EXISTS (SELECT FROM pg_stat_activity a WHERE a.datid = d.oid)`,
  );
  for (const { name } of left) await bulk.query(`DROP DATABASE IF EXISTS ${name}`);
}
