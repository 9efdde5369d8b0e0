/** What drills found, as they leave it in the store: they are made where the private key is, which is not here. */
import { z } from 'zod';
import type { ClockRun } from '@/lib/jobs/clock-job';
import { readSignedPaper, signedPaper } from '@/lib/platform/authentic';
import type { Bytes, Storage } from '@/lib/platform/storage';
import { backupName, isBackupName } from '@/lib/rules/backups';

const shape = z.strictObject({
  backup: z.string().refine(isBackupName),
  at: z.iso.datetime().transform((text) => new Date(text)),
  /** From the first byte read to a database that could serve. */
  seconds: z.int().nonnegative(),
  rows: z.int().nonnegative(),
  /** How many sealed values were opened, and how many entries of the trail stand under seals that hold. */
  opened: z.int().nonnegative(),
  sealed: z.int().nonnegative(),
  /** What was wrong, in a few words of ours; `null` where nothing was. */
  fault: z.string().max(200).nullable(),
});
export type Drill = z.output<typeof shape>;

export function keepDrill(store: Storage, drill: Drill): Promise<void> {
  const paper = signedPaper(JSON.stringify(drill));
  return store.put(`drills/${backupName(drill.at)}`, new Blob([paper]).stream() as Bytes);
}

/** The last drill, however it ended; `null` where there was none. */
export async function newestDrill(store: Storage): Promise<Drill | null> {
  let newest: string | null = null;
  for await (const { key } of store.list('drills/')) newest = key; // by ascending key, which is the time
  return newest === null ? null : readDrill(store, newest);
}

async function readDrill(store: Storage, key: string): Promise<Drill | null> {
  const text = readSignedPaper(await new Response(await store.read(key)).text());
  const { success, data } = shape.safeParse(text === null ? null : JSON.parse(text));
  return success ? data : null;
}

/** Writes down what the drills have found, beside the backups that they restored. */
export async function noteDrills(run: ClockRun, store: Storage): Promise<void> {
  for await (const { key } of store.list('drills/')) {
    const drill = await readDrill(store, key);
    if (!drill) continue;
    await run.asSystem(({ tx }) =>
      tx.backup.updateMany({
        where: { name: drill.backup, OR: [{ drilledAt: null }, { drilledAt: { lt: drill.at } }] },
        data: { drilledAt: drill.at, drillSeconds: drill.seconds, drillFault: drill.fault },
      }),
    );
  }
}
