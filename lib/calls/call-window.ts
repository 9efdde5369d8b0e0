/** Calls next to a place in the list, by (startedAt, id), so that calls of the same moment are neither lost nor repeated. */
import type { Prisma } from '@/lib/generated/prisma/client';
import type { Member, Visit } from '@/lib/platform/visit';
import type { ListCursor } from '@/lib/rules/list-cursor';
import { newestFirst, type RowOfCall, rowColumns } from './call-row';

const oldestFirst = [{ startedAt: 'asc' }, { id: 'asc' }] satisfies Prisma.CallOrderByWithRelationInput[];

/** Where a call stands in the list. */
export const placeOf = ({ startedAt, id }: Pick<RowOfCall, 'startedAt' | 'id'>): ListCursor => ({ at: startedAt, id });

/** The `take` newest calls that are older than `from` (or the newest of all), newest first. */
export function callsBefore(
  { tx, viewer }: Visit<Member>,
  where: Prisma.CallWhereInput,
  from: ListCursor | null,
  take: number,
): Promise<RowOfCall[]> {
  // The plain bound on startedAt is what the index can begin with.
  const older: Prisma.CallWhereInput = from
    ? { startedAt: { lte: from.at }, OR: [{ startedAt: { lt: from.at } }, { id: { lt: from.id } }] }
    : {};
  return tx.call.findMany({
    where: { businessId: viewer.businessId, AND: [where, older] },
    select: rowColumns,
    orderBy: newestFirst,
    take,
  });
}

/** The `take` oldest calls that are newer than `from`, newest first. */
export async function callsAfter(
  { tx, viewer }: Visit<Member>,
  where: Prisma.CallWhereInput,
  from: ListCursor,
  take: number,
): Promise<RowOfCall[]> {
  const newer: Prisma.CallWhereInput = {
    startedAt: { gte: from.at },
    OR: [{ startedAt: { gt: from.at } }, { id: { gt: from.id } }],
  };
  const calls = await tx.call.findMany({
    where: { businessId: viewer.businessId, AND: [where, newer] },
    select: rowColumns,
    orderBy: oldestFirst,
    take,
  });
  return calls.reverse();
}
