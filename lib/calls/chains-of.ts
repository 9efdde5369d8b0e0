/** What became of calls, link by link: answered → saved → told → seen → called back. */

import { namesOf } from '@/lib/accounts/names-of';
import { readPolicy } from '@/lib/businesses/read-policy';
import type { Prisma } from '@/lib/generated/prisma/client';
import type { Member, Visit } from '@/lib/platform/visit';
import { type ChainLink, chainOf, type Possession, possessionOfMissing, type ToldFact } from '@/lib/rules/call-chain';
import { daysKept, type RetentionPolicy } from '@/lib/rules/retention';
import { type RowOfCall, rowColumns, waitingFacts } from './call-row';

/** What of a call's own row its chain is told from. */
export const chainColumns = {
  ...rowColumns,
  heardBy: true,
  takenBy: true,
  calledBackBy: true,
} as const satisfies Prisma.CallSelect;

type ChainRow = RowOfCall & {
  readonly heardBy: string | null;
  readonly takenBy: string | null;
  readonly calledBackBy: string | null;
};

/** Events that decide a link; of the others a call may have many. */
const DECIDING = ['greeted', 'person_took_it', 'told_failed', 'told_nobody', 'nobody_took_it'];

/** What belongs to a call and decides a link: events and tellings as they happened, recordings newest first. */
type Belongings = {
  readonly events: readonly { readonly kind: string; readonly at: Date }[];
  readonly recordings: readonly { readonly status: string; readonly storedAt: Date | null }[];
  readonly tellings: readonly {
    readonly way: ToldFact['way'];
    readonly state: ToldFact['state'];
    readonly createdAt: Date;
    readonly sentAt: Date | null;
    readonly settledAt: Date | null;
  }[];
};

/** What else a chain is told from: who is who, how long recordings are kept, and when it is told. */
type Around = {
  readonly names: ReadonlyMap<string | null, string>;
  readonly policy: RetentionPolicy;
  readonly now: Date;
};

/** Whom a chain names, by id: `names` must have them. */
export const namedIn = ({ heardBy, takenBy, calledBackBy }: ChainRow) => [heardBy, takenBy, calledBackBy];

/** The chain of one call. */
export function chainFrom(
  call: ChainRow,
  { events, recordings, tellings }: Belongings,
  { names, policy, now }: Around,
): readonly ChainLink[] {
  const firstOf = (...kinds: string[]) => events.find(({ kind }) => kinds.includes(kind))?.at ?? null;
  const here = recordings.find(isHere);
  return chainOf({
    ...waitingFacts(call),
    startedAt: call.startedAt,
    answeredAt: firstOf('greeted', 'person_took_it'),
    recording: {
      state: here ? 'ready' : stateOfMissingRecording(call, recordings, policy, now),
      storedAt: here?.storedAt ?? null,
    },
    told: tellings.map(({ way, state, createdAt, sentAt, settledAt }) => ({
      way,
      state,
      at: settledAt ?? sentAt ?? createdAt,
    })),
    untold: firstOf('told_failed') ? 'nobody there' : firstOf('told_nobody') ? 'nobody wanted to' : null,
    nobodyTookIt: firstOf('nobody_took_it') !== null,
    takenAt: call.takenAt,
    heardBy: names.get(call.heardBy) ?? null,
    takenBy: names.get(call.takenBy) ?? null,
    calledBackBy: names.get(call.calledBackBy) ?? null,
  });
}

/** The chains of some calls of the viewer's business, by id: a few statements, however many they are. */
export async function chainsOf(
  visit: Visit<Member>,
  calls: readonly ChainRow[],
): Promise<ReadonlyMap<string, readonly ChainLink[]>> {
  const { tx, viewer, now } = visit;
  const where = { businessId: viewer.businessId, callId: { in: calls.map(({ id }) => id) } };
  const events = await tx.callEvent.findMany({
    where: { ...where, kind: { in: DECIDING } },
    select: { callId: true, kind: true, at: true },
    orderBy: [{ at: 'asc' }, { id: 'asc' }],
  });
  const recordings = await tx.recording.findMany({
    where: { ...where, status: { not: 'removing' } },
    select: { callId: true, status: true, storedAt: true },
    orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
  });
  const tellings = await tx.telling.findMany({
    where,
    select: { callId: true, way: true, state: true, createdAt: true, sentAt: true, settledAt: true },
    orderBy: [{ createdAt: 'asc' }, { id: 'asc' }],
  });
  const names = await namesOf(visit, calls.flatMap(namedIn));
  const policy = await readPolicy(visit);
  return new Map(
    calls.map((call) => {
      const of = <R extends { readonly callId: string }>(rows: readonly R[]) =>
        rows.filter(({ callId }) => callId === call.id);
      const belongings = { events: of(events), recordings: of(recordings), tellings: of(tellings) };
      return [call.id, chainFrom(call, belongings, { names, policy, now })];
    }),
  );
}

type SavedRow = { readonly status: string };

/** Whether a recording can be played. */
export const isHere = ({ status }: SavedRow): boolean => status === 'stored' || status === 'settled';

/** Why no recording of a call can be played. `recordings`: those of the call, newest first, none of which is here. */
export function stateOfMissingRecording(
  call: RowOfCall,
  recordings: readonly SavedRow[],
  policy: RetentionPolicy,
  now: Date,
): Exclude<Possession, 'ready'> {
  const [newest] = recordings;
  if (newest) return newest.status === 'failed' ? 'failed' : 'coming';
  return possessionOfMissing({ ...waitingFacts(call), startedAt: call.startedAt }, daysKept(policy, 'recording'), now);
}
