/**
 * Whether the trail is what was sealed. Walks every chain in the database, and beside it the store, in which a segment
 * stays that somebody took out of the database; then looks for entries that no segment knows. Ends at the first fault.
 */

import { sql } from '@/lib/platform/sql';
import type { Storage } from '@/lib/platform/storage';
import type { System, Visit } from '@/lib/platform/visit';
import {
  lastingText,
  personalText,
  readSegmentKey,
  type SealedEntry,
  type SegmentDocument,
  segmentKey,
  type TrailFault,
} from '@/lib/rules/audit-seal';
import { KEPT_DAYS } from '@/lib/rules/retention';
import { chainOfEntry, digestOf, isLossStated, readSegment, saltedHash, sealedColumns, whyUnread } from './segments';

export type VerifiedTrail = {
  /** Entries and segments that are as they were sealed. */
  readonly entries: number;
  readonly segments: number;
  /** Entries of these whose personal part was blanked, as an erasure does. */
  readonly blanked: number;
  /** Segments of these whose entries retention has removed. */
  readonly emptied: number;
  /** Segments of these whose entries a restore did not bring back. */
  readonly lost: number;
  /** Segments of these that are not in the store yet. */
  readonly unstored: number;
  /** Entries that no run has sealed yet. */
  readonly unsealed: number;
  /** What is wrong first; `null` where all is intact. */
  readonly fault: TrailFault | null;
};

/** A short transaction, as many as are wanted. */
type Enter = <T>(run: (visit: Visit<System>) => Promise<T>) => Promise<T>;

/** About how many entries are read at once. */
const BATCH = 5_000;
const MOST_SEGMENTS = 200;
/** Ids that are looked up at once. */
const STEP = 10_000;

class Found extends Error {
  constructor(readonly fault: TrailFault) {
    super(fault.because);
  }
}

/**
 * @param store where the segments' copies are; `null` for a database that was restored beside a store that has gone on.
 * @param progress is told of entries that were looked at, and of how many there are.
 */
export async function verifyTrail(
  enter: Enter,
  store: Storage | null,
  progress: (looked: number, of: number) => void = () => undefined,
): Promise<VerifiedTrail> {
  const counts = { entries: 0, segments: 0, blanked: 0, emptied: 0, lost: 0, unstored: 0, unsealed: 0 };
  const { _sum } = await enter(({ tx }) => tx.auditSegment.aggregate({ _sum: { entries: true } }));
  const copies = store && copiesIn(store, enter);
  try {
    for (let chain = await nextChain(enter, null); chain !== null; chain = await nextChain(enter, chain)) {
      let previous = { number: 0, digest: null as string | null };
      for (;;) {
        const checked = await checkNext(enter, chain, previous);
        if (checked.segments.length === 0) break;
        for (const segment of checked.segments) {
          if (copies && !(await copies.has(segment))) counts.unstored += 1;
          previous = segment;
        }
        counts.segments += checked.segments.length;
        for (const name of ['entries', 'blanked', 'emptied', 'lost'] as const) counts[name] += checked[name];
        progress(counts.entries, _sum.entries ?? 0);
      }
    }
    await copies?.end();
    counts.unsealed = await checkUnsealed(enter);
    await checkStrangers(enter);
    return { ...counts, fault: null };
  } catch (error) {
    if (error instanceof Found) return { ...counts, fault: error.fault };
    throw error;
  }
}

const nextChain = (enter: Enter, after: string | null): Promise<string | null> =>
  enter(async ({ tx }) => {
    const where = after === null ? {} : { chain: { gt: after } };
    const next = await tx.auditSegment.findFirst({ where, orderBy: { chain: 'asc' }, select: { chain: true } });
    return next?.chain ?? null;
  });

type Place = { readonly number: number; readonly digest: string | null };
type Segment = {
  readonly chain: string;
  readonly number: number;
  readonly document: string;
  readonly signature: string;
  readonly digest: string;
  readonly storedAt: Date | null;
  readonly removedAt: Date | null;
  readonly lost: string | null;
};
/** What the salts say of an entry, and the entry where it is still there. */
type Row = Partial<SealedEntry> & {
  readonly sealedId: string;
  readonly number: number;
  readonly salt: string;
  readonly personalSalt: string | null;
};
type Batch = { readonly segments: readonly Segment[]; readonly rows: ReadonlyMap<number, readonly Row[]> };

/**
 * The next segments of a chain, checked. A fault is looked at twice: retention may have removed a segment between the two
 * statements that read it.
 */
async function checkNext(enter: Enter, chain: string, previous: Place) {
  const look = async () => checkBatch(await enter((visit) => readBatch(visit, chain, previous.number)), previous);
  try {
    return await look();
  } catch (error) {
    if (error instanceof Found) return look();
    throw error;
  }
}

async function readBatch({ tx }: Visit<System>, chain: string, after: number): Promise<Batch> {
  const segments = await tx.$queryRaw<Segment[]>`
    SELECT chain, number, document, signature, digest, stored_at AS "storedAt", removed_at AS "removedAt", lost FROM (
      SELECT *, sum(entries) OVER (ORDER BY number) - entries AS before FROM (
        SELECT * FROM audit_segments WHERE chain = ${chain}::uuid AND number > ${after} ORDER BY number LIMIT ${MOST_SEGMENTS}
      ) next) next WHERE before < ${BATCH} ORDER BY number`;
  const found = await tx.$queryRaw<Row[]>`
    SELECT s.id AS "sealedId", s.number, s.salt, s.personal_salt AS "personalSalt", ${sealedColumns}
    FROM audit_salts s LEFT JOIN audit_logs a ON a.id = s.id
    WHERE s.chain = ${chain}::uuid AND s.number > ${after} AND s.number <= ${segments.at(-1)?.number ?? after}`;
  const rows = new Map<number, Row[]>(segments.map(({ number }) => [number, []]));
  for (const row of found) rows.get(row.number)?.push(row);
  return { segments, rows };
}

function checkBatch({ segments, rows }: Batch, previous: Place) {
  const counts = { entries: 0, blanked: 0, emptied: 0, lost: 0 };
  let before = previous;
  for (const segment of segments) {
    const document = checkSegment(segment, before);
    const found = rows.get(segment.number) ?? [];
    if (segment.lost !== null) {
      checkLost(segment, document, found);
      counts.lost += 1;
    } else if (segment.removedAt !== null) {
      checkEmptied(document, found);
      counts.emptied += 1;
    } else {
      counts.blanked += checkEntries(document, found);
      counts.entries += found.length;
    }
    before = segment;
  }
  return { segments, ...counts };
}

/** The segment's own seal, and its place in the chain. */
function checkSegment({ chain, number, document, signature, digest }: Segment, before: Place): SegmentDocument {
  const wrong = (how: TrailFault['how'], because: string, at = number) =>
    new Found({ what: 'segment', how, chain, number: at, id: null, because });
  if (number !== before.number + 1) throw wrong('removed', 'the numbers leave it out', before.number + 1);
  const said = readSegment(document, signature);
  if (said === null) throw wrong('changed', whyUnread(document));
  if (said.chain !== chain || said.number !== number) throw wrong('changed', 'its seal belongs to another place');
  if (said.previous !== before.digest) throw wrong('changed', 'it names another segment before it');
  if (digestOf(document) !== digest) throw wrong('changed', 'it does not have the hash that it is filed under');
  return said;
}

/** Each entry of a segment against its hashes; says how many were blanked. */
function checkEntries({ chain, number, entries }: SegmentDocument, found: readonly Row[]): number {
  const wrong = (how: TrailFault['how'], id: string, because: string) =>
    foundEntry(how, { chain, number, id }, because);
  const rows = new Map(found.map((row) => [row.sealedId, row]));
  let blanked = 0;
  for (const [id, lasting, personal] of entries) {
    const row = rows.get(id);
    if (!row || !isEntry(row)) throw wrong('removed', id, 'it was sealed and is not there');
    if (saltedHash(row.salt, lastingText(row)) !== lasting) throw wrong('changed', id, 'it is not what was sealed');
    if (row.personalSalt !== null) {
      if (saltedHash(row.personalSalt, personalText(row)) !== personal)
        throw wrong('changed', id, 'its address, browser or typed address is not what was sealed');
    } else {
      if (row.ipAddress !== null || row.userAgent !== null || row.emailIndex !== null)
        throw wrong('changed', id, 'where it came from was blanked, and something stands there');
      blanked += 1;
    }
    rows.delete(id);
  }
  for (const id of rows.keys()) throw wrong('inserted', id, 'the segment does not list it');
  return blanked;
}

const isEntry = (row: Row): row is Row & SealedEntry => typeof row.id === 'string';

/** Retention removes a whole segment, and none whose newest entry is not past its time. */
function checkEmptied({ chain, number, newest, entries }: SegmentDocument, found: readonly Row[]): void {
  const wrong = (how: TrailFault['how'], id: string, because: string) =>
    foundEntry(how, { chain, number, id }, because);
  const [first] = entries;
  if (first && Date.parse(newest) > Date.now() - KEPT_DAYS.audit * 86_400_000)
    throw wrong('removed', first[0], 'its segment is marked as removed by retention before its time');
  const [left] = found;
  if (left) throw wrong('inserted', left.sealedId, 'retention has removed its segment');
}

/** A segment that the store has kept over a restore has no entries, and our word that it is so. */
function checkLost(
  { lost, digest }: Segment,
  { chain, number, entries }: SegmentDocument,
  found: readonly Row[],
): void {
  const [first] = entries;
  if (first && (lost === null || !isLossStated(lost, digest)))
    throw foundEntry(
      'removed',
      { chain, number, id: first[0] },
      'its segment is marked as lost, and no key of ours says so',
    );
  const [left] = found;
  if (left) throw foundEntry('inserted', { chain, number, id: left.sealedId }, 'its segment was lost in a restore');
}

/** What is on the list of unsealed entries and gone from the trail was removed before it could be sealed. Counts the list. */
async function checkUnsealed(enter: Enter): Promise<number> {
  let unsealed = 0;
  let behind = sql`true`;
  for (;;) {
    const part = behind;
    const listed = await enter(
      ({ tx }) => tx.$queryRaw<{ chain: string; id: string; isThere: boolean }[]>`
        SELECT u.chain, u.id, a.id IS NOT NULL AS "isThere" FROM (
          SELECT * FROM audit_unsealed WHERE ${part} ORDER BY chain, id LIMIT ${STEP}
        ) u LEFT JOIN audit_logs a ON a.id = u.id AND ${chainOfEntry} = u.chain ORDER BY u.chain, u.id`,
    );
    const gone = listed.find(({ isThere }) => !isThere);
    if (gone) throw foundEntry('removed', gone, 'it was written, and went before it was sealed');
    const last = listed.at(-1);
    if (!last) return unsealed;
    unsealed += listed.length;
    behind = sql`(chain, id) > (${last.chain}::uuid, ${last.id}::uuid)`;
  }
}

/**
 * Entries that are neither sealed nor on the list of what will be: none that the application has written. Each is looked up
 * by itself; joined, the planner would read all salts anew at every step.
 */
async function checkStrangers(enter: Enter): Promise<void> {
  let behind = sql`true`;
  for (;;) {
    const part = behind;
    const found = await enter(
      ({ tx }) => tx.$queryRaw<{ chain: string; id: string; isStranger: boolean }[]>`
        WITH step AS MATERIALIZED (
          SELECT a.id, ${chainOfEntry} AS chain FROM audit_logs a WHERE ${part} ORDER BY a.id LIMIT ${STEP})
        (SELECT chain, id, true AS "isStranger" FROM step
          WHERE (SELECT s.id FROM audit_salts s WHERE s.id = step.id) IS NULL
            AND (SELECT u.id FROM audit_unsealed u WHERE u.chain = step.chain AND u.id = step.id) IS NULL
          ORDER BY id LIMIT 1)
        UNION ALL (SELECT chain, id, false FROM step ORDER BY id DESC LIMIT 1)`,
    );
    const stranger = found.find(({ isStranger }) => isStranger);
    if (stranger) throw foundEntry('inserted', stranger, 'no segment lists it, and no run was going to seal it');
    const last = found.at(-1);
    if (!last) return;
    behind = sql`a.id > ${last.id}::uuid`;
  }
}

const foundEntry = (
  how: TrailFault['how'],
  { chain, number = null, id }: { chain: string; number?: number | null; id: string },
  because: string,
) => new Found({ what: 'entry', how, chain, number, id, because });

/**
 * The segments' copies in the store, in step with the segments in the database: both are in the order of chain and number.
 */
function copiesIn(store: Storage, enter: Enter) {
  const keys = store.list('seals/')[Symbol.asyncIterator]();
  let next: ReturnType<typeof keys.next> | null = null;
  /** The copy that comes next, or nothing: asked for when it is wanted, so that a failure meets who waits for it. */
  const peek = async () => {
    next ??= keys.next();
    const { done, value } = await next;
    return done ? null : value;
  };
  const pass = () => {
    next = null;
  };

  /** A copy of what the database does not have (any more): a segment that was sealed since its chain was read is there. */
  const insistOnSegment = async (key: string) => {
    const copied = readSegmentKey(key);
    if (copied === null) return;
    const { chain, number, digest } = copied;
    const found = await enter(({ tx }) => tx.auditSegment.count({ where: { chain, number, digest } }));
    if (found > 0) return;
    const because = 'it is in the store, and not in the database';
    throw new Found({ what: 'segment', how: 'removed', chain, number, id: null, because });
  };

  return {
    /** Whether a segment has its copy. One that had it and has it no more is a fault. */
    async has({ chain, number, digest, storedAt }: Segment): Promise<boolean> {
      const wanted = segmentKey(chain, number, digest);
      for (let copy = await peek(); copy !== null && copy.key <= wanted; copy = await peek()) {
        pass();
        if (copy.key === wanted) return true;
        await insistOnSegment(copy.key);
      }
      if (storedAt === null) return false;
      if (await store.stat(wanted)) return true; // it came since the store was listed
      throw new Found({
        what: 'stored segment',
        how: 'removed',
        chain,
        number,
        id: null,
        because: 'it was in the store, and is not there now',
      });
    },
    /** What is in the store behind the last segment. */
    async end(): Promise<void> {
      for (let copy = await peek(); copy !== null; copy = await peek()) {
        pass();
        await insistOnSegment(copy.key);
      }
    },
  };
}
