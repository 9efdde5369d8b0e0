import { zoneOf } from '@/lib/businesses/zone-of';
import type { Prisma } from '@/lib/generated/prisma/client';
import { NotFound } from '@/lib/platform/errors';
import { hasIndex, open } from '@/lib/platform/sealing';
import type { Member, Visit } from '@/lib/platform/visit';
import type { Ending } from '@/lib/rules/call-status';
import { readCursor, writeCursor } from '@/lib/rules/list-cursor';
import { blockedCallers } from './blocked-callers';
import { openRow, type RowOfCall } from './call-row';
import { callsAfter, callsBefore, placeOf } from './call-window';

export type CallsAsked = {
  readonly show: 'all' | 'unheard' | 'urgent' | 'to_call_back' | 'spam';
  readonly status: Ending | null;
  /** Only calls of whoever made this call (an id): numbers do not belong into addresses. */
  readonly caller: string | null;
  /** Cursors of a page before (older) or after (newer) which to go on. */
  readonly before?: string | undefined;
  readonly after?: string | undefined;
};

const pageSize = 50;

const shown: Readonly<Record<CallsAsked['show'], Prisma.CallWhereInput>> = {
  all: {},
  unheard: { unheard: true },
  urgent: { urgent: true },
  to_call_back: { toCallBack: true },
  spam: { spam: true },
};

/**
 * A page of calls, newest first.
 *
 * @throws NotFound for a caller or a cursor that is none.
 */
export async function listCalls(visit: Visit<Member>, asked: CallsAsked) {
  const { show, status, caller } = asked;
  const found = caller === null ? null : await callerOf(visit, caller);
  const where: Prisma.CallWhereInput = {
    AND: [shown[show], status === null ? {} : { endedAs: status }, found === null ? {} : found.theirs],
  };
  const { calls, newer, older } = await pageOf(visit, where, asked);
  const blocked = show === 'spam' ? await blockedCallers(visit) : [];
  const opened = new Set([...[...calls, ...blocked].map(({ id }) => id), ...(caller === null ? [] : [caller])]);
  if (opened.size > 0) visit.record({ action: 'call.read', resourceType: 'call', details: { ids: [...opened] } });
  return {
    now: visit.now,
    zone: await zoneOf(visit),
    query: { show, status, caller },
    callerNumber: found?.number ?? null,
    calls: calls.map(openRow),
    blocked,
    newer,
    older,
  };
}

type Page = {
  readonly calls: readonly RowOfCall[];
  readonly newer: string | null;
  readonly older: string | null;
};

async function pageOf(
  visit: Visit<Member>,
  where: Prisma.CallWhereInput,
  { before, after }: CallsAsked,
): Promise<Page> {
  const cursor = before ?? after;
  const from = cursor === undefined ? null : readCursor(cursor);
  if (cursor !== undefined && from === null) throw new NotFound();
  const forward = before === undefined && from !== null;
  // One more than is shown tells whether there is a page after this.
  const found = forward
    ? await callsAfter(visit, where, from, pageSize + 1)
    : await callsBefore(visit, where, from, pageSize + 1);
  // What stood here is gone: the first page says more than an empty one.
  if (found.length === 0 && from !== null) return pageOf(visit, where, { show: 'all', status: null, caller: null });
  const more = found.length > pageSize;
  const calls = forward ? found.slice(-pageSize) : found.slice(0, pageSize);
  const [first, last] = [calls.at(0), calls.at(-1)];
  return {
    calls,
    newer: first && (forward ? more : from !== null) ? writeCursor(placeOf(first)) : null,
    older: last && (forward || more) ? writeCursor(placeOf(last)) : null,
  };
}

/** Who made a call: the condition by which their calls are found, and their number. Withheld numbers are nobody's. */
async function callerOf({ tx, viewer }: Visit<Member>, callId: string) {
  const call = await tx.call.findFirst({
    where: { businessId: viewer.businessId, id: callId },
    select: { businessId: true, id: true, callerNumber: true, callerNumberIndex: true, callerNumberIndexB: true },
  });
  if (!call?.callerNumberIndex || !call.callerNumberIndexB) throw new NotFound();
  const theirs = hasIndex('callerNumberIndex', { a: call.callerNumberIndex, b: call.callerNumberIndexB });
  return { theirs, number: open('Call', call).callerNumber };
}
