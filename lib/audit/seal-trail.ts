/**
 * The job: every entry of the trail that is there and not yet sealed joins a segment of its business, or of the platform,
 * which is signed and put into the store. A segment, the list of what is still unsealed and the salts change in one
 * transaction, so a run that is killed has sealed an entry or has not; what it did not bring to the store, the next does.
 */
import { randomUUID } from 'node:crypto';
import type { ClockRun, Counts } from '@/lib/jobs/clock-job';
import { signingKey } from '@/lib/platform/signing';
import { all, sql } from '@/lib/platform/sql';
import { storage } from '@/lib/platform/storage';
import type { System, Visit } from '@/lib/platform/visit';
import { lastingText, personalText, type SealedEntry, type SegmentDocument, segmentKey } from '@/lib/rules/audit-seal';
import { KEPT_DAYS } from '@/lib/rules/retention';
import { chainOfEntry, digestOf, fileOf, saltedHash, sealedColumns } from './segments';

/** At most so many entries in a segment: a transaction that seals them takes a fraction of a second. */
const MOST_ENTRIES = 2_000;

/**
 * `entries` sealed in `segments`, and segments `stored`; in a dry run the entries that wait. Entries that were written and
 * are gone before they were sealed stay on the list, for the verification to name.
 */
export async function sealTrail(run: ClockRun): Promise<Counts> {
  if (run.isDryRun) return { entries: await run.asSystem(({ tx }) => tx.auditUnsealed.count()) };
  let [entries, segments] = [0, 0];
  for (let chain = await nextChain(run, null); chain !== null; chain = await nextChain(run, chain)) {
    for await (const sealed of sealChain(run, chain)) {
      entries += sealed;
      segments += 1;
    }
  }
  return { entries, segments, stored: await storeSegments(run) };
}

/** Seals a chain, and says of each segment how many entries are in it. */
async function* sealChain(run: ClockRun, chain: string): AsyncGenerator<number> {
  let part: Part = { entries: 0, next: null };
  do {
    run.signal.throwIfAborted();
    const { next } = part;
    part = await run.asSystem((visit) => sealSegment(visit, chain, next));
    if (part.entries > 0) yield part.entries;
  } while (part.next !== null);
}

/** How many entries were sealed, and behind which id of the list there may be more; `null` when there is none. */
type Part = { readonly entries: number; readonly next: string | null };

/** The first chain after `after` that has something to seal. */
const nextChain = (run: ClockRun, after: string | null): Promise<string | null> =>
  run.asSystem(async ({ tx }) => {
    const next = await tx.auditUnsealed.findFirst({
      where: after === null ? {} : { chain: { gt: after } },
      orderBy: { chain: 'asc' },
      select: { chain: true },
    });
    return next?.chain ?? null;
  });

/** Seals what waits in a chain, behind the id `after` where one is said, in the order of ids, up to a segment's worth. */
async function sealSegment({ tx, now }: Visit<System>, chain: string, after: string | null): Promise<Part> {
  // Locked first and read then: an erasure that is blanking one of them is waited for here, and seen below. Both lock in
  // one order. Without sorting the planner walks the index and stops after a segment's worth, however long the list.
  await tx.$executeRaw`SELECT set_config('enable_sort', 'off', true)`;
  const place = [sql`chain = ${chain}::uuid`, ...(after === null ? [] : [sql`id > ${after}::uuid`])];
  const listed = await tx.$queryRaw<{ id: string }[]>`
    SELECT id FROM audit_unsealed WHERE ${all(place)}
    ORDER BY chain, id LIMIT ${MOST_ENTRIES} FOR UPDATE`;
  const entries = await tx.$queryRaw<SealedEntry[]>`
    SELECT ${sealedColumns} FROM audit_logs a
    WHERE a.id = ANY (${listed.map(({ id }) => id)}::uuid[]) AND ${chainOfEntry} = ${chain}::uuid ORDER BY a.id`;
  const next = listed.length === MOST_ENTRIES ? (listed.at(-1)?.id ?? null) : null;
  if (entries.length === 0) return { entries: 0, next };

  const last = await tx.auditSegment.findFirst({
    where: { chain },
    orderBy: { number: 'desc' },
    select: { number: true, digest: true },
  });
  const number = (last?.number ?? 0) + 1;
  const newest = new Date(Math.max(...entries.map(({ timestamp }) => timestamp.getTime())));
  const sealed = entries.map((entry) => {
    const [salt, personalSalt] = [randomUUID(), randomUUID()];
    const hashes = [saltedHash(salt, lastingText(entry)), saltedHash(personalSalt, personalText(entry))] as const;
    return { id: entry.id, salt, personalSalt, hashes };
  });
  const key = signingKey();
  const document = JSON.stringify({
    form: 1,
    chain,
    number,
    previous: last?.digest ?? null,
    sealedAt: now.toISOString(),
    newest: newest.toISOString(),
    key: key.id,
    entries: sealed.map(({ id, hashes }) => [id, ...hashes] as const),
  } satisfies SegmentDocument);
  const segment = { chain, number, entries: entries.length, sealedAt: now, newest, document };
  // The primary key lets no chain fork, whoever else is sealing.
  await tx.auditSegment.createMany({ data: { ...segment, signature: key.sign(document), digest: digestOf(document) } });
  const ids = sealed.map(({ id }) => id);
  const salts = sealed.map(({ salt }) => salt);
  const personal = sealed.map(({ personalSalt }) => personalSalt);
  await tx.$executeRaw`
    INSERT INTO audit_salts (id, chain, number, salt, personal_salt)
    SELECT s.id, ${chain}::uuid, ${number}::integer, s.salt, s.personal
    FROM unnest(${ids}::uuid[], ${salts}::uuid[], ${personal}::uuid[]) s (id, salt, personal)`;
  await tx.$executeRaw`DELETE FROM audit_unsealed WHERE chain = ${chain}::uuid AND id = ANY (${ids}::uuid[])`;
  return { entries: entries.length, next };
}

/** Puts into the store what is not known to be there. Put twice, it is the same. */
async function storeSegments(run: ClockRun): Promise<number> {
  const store = storage('backups');
  for (let stored = 0; ; stored++) {
    run.signal.throwIfAborted();
    const segment = await run.asSystem(({ tx }) =>
      tx.auditSegment.findFirst({
        where: { storedAt: null },
        orderBy: [{ chain: 'asc' }, { number: 'asc' }],
        select: { chain: true, number: true, digest: true, document: true, signature: true, sealedAt: true },
      }),
    );
    if (!segment) return stored;
    const { chain, number, digest, document, signature, sealedAt } = segment;
    const keepUntil = new Date(sealedAt.getTime() + KEPT_DAYS.audit * 86_400_000);
    await store.put(segmentKey(chain, number, digest), new Blob([fileOf(document, signature)]).stream(), {
      keepUntil,
    });
    await run.asSystem(({ tx, now }) =>
      tx.auditSegment.updateMany({ where: { chain, number }, data: { storedAt: now } }),
    );
  }
}
