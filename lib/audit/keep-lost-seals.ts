import type { ClockRun } from '@/lib/jobs/clock-job';
import { storage } from '@/lib/platform/storage';
import type { System, Visit } from '@/lib/platform/visit';
import { readSegmentKey, segmentKey } from '@/lib/rules/audit-seal';
import { digestOf, readSegment, stateLoss } from './segments';

/**
 * After a restore: takes over from the store the segments that were sealed since the backup was made, each with our signed
 * word that its entries were lost, so that their chains go on behind them and the verification can tell this loss from a
 * removal. Call it before anything is sealed. What does not fit behind what the database has is left for the verification
 * to name.
 *
 * @returns how many segments that were.
 */
export async function keepLostSeals(run: ClockRun): Promise<number> {
  let kept = 0;
  for await (const { key } of storage('backups').list('seals/')) {
    const place = readSegmentKey(key);
    if (place === null) continue;
    if ((await run.asSystem(({ tx }) => tx.auditSegment.count({ where: place }))) > 0) continue;
    const file = await new Response(await storage('backups').read(key)).text();
    kept += await run.asSystem((visit) => keep(visit, key, file));
  }
  return kept;
}

async function keep({ tx, now }: Visit<System>, key: string, file: string): Promise<0 | 1> {
  const [document = '', signature = ''] = file.split('\n');
  const segment = readSegment(document, signature);
  if (segment === null) return 0;
  const { chain, number, previous, entries } = segment;
  const digest = digestOf(document);
  const last = await tx.auditSegment.findFirst({
    where: { chain },
    orderBy: { number: 'desc' },
    select: { number: true, digest: true },
  });
  const isNext = number === (last?.number ?? 0) + 1 && previous === (last?.digest ?? null);
  if (!isNext || key !== segmentKey(chain, number, digest)) return 0;
  await tx.auditSegment.createMany({
    data: {
      ...{ chain, number, document, signature, digest },
      entries: entries.length,
      sealedAt: new Date(segment.sealedAt),
      newest: new Date(segment.newest),
      storedAt: now,
      lost: stateLoss(digest, now),
    },
  });
  return 1;
}
