/** What became of calls, link by link: answered → saved → told → seen → called back. */

import { namesOf } from '@/lib/accounts/names-of';
import { readPolicy } from '@/lib/businesses/read-policy';
import type { Prisma } from '@/lib/generated/prisma/client';
import type { Member, Visit } from '@/lib/platform/visit';
import { type ChainLink, chainOf, type Possession, possessionOfMissing } from '@/lib/rules/call-chain';
import { daysKept } from '@/lib/rules/retention';
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
  const names = await namesOf(
    visit,
    calls.flatMap(({ heardBy, takenBy, calledBackBy }) => [heardBy, takenBy, calledBackBy]),
  );
  const keptDays = daysKept(await readPolicy(visit), 'recording');
  return new Map(
    calls.map((call) => {
      const of = <R extends { readonly callId: string }>(rows: readonly R[]) =>
        rows.filter(({ callId }) => callId === call.id);
      const happened = of(events);
      const firstOf = (...kinds: string[]) => happened.find(({ kind }) => kinds.includes(kind))?.at ?? null;
      const saved = of(recordings);
      return [
        call.id,
        chainOf({
          ...waitingFacts(call),
          startedAt: call.startedAt,
          answeredAt: firstOf('greeted', 'person_took_it'),
          recording: {
            state: saved.some(isHere) ? 'ready' : stateOfMissingRecording(call, saved, keptDays, now),
            storedAt: saved.find(isHere)?.storedAt ?? null,
          },
          told: of(tellings).map(({ way, state, createdAt, sentAt, settledAt }) => ({
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
        }),
      ];
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
  keptDays: number,
  now: Date,
): Exclude<Possession, 'ready'> {
  const [newest] = recordings;
  if (newest) return newest.status === 'failed' ? 'failed' : 'coming';
  return possessionOfMissing({ ...waitingFacts(call), startedAt: call.startedAt }, keptDays, now);
}
