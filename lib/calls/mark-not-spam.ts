import type { Member, Visit } from '@/lib/platform/visit';
import { callerNumber } from './caller-number';
import { changeCall } from './change-call';
import { markCaller } from './known-caller';

/**
 * A call that cost nothing was somebody's all the same: it waits like any other, and its caller is never turned away again.
 * What it cost stays as it is.
 */
export async function markNotSpam(visit: Visit<Member>, { id }: { readonly id: string }): Promise<void> {
  const { now, viewer } = visit;
  const marks = { notSpamAt: now, notSpamBy: viewer.userId };
  if (!(await changeCall(visit, id, { notSpamAt: null, uncharged: { not: null } }, marks))) return;
  const number = await callerNumber(visit, id);
  if (number !== null) await markCaller(visit, number, 'welcome');
}

/** Takes it back: who was blocked is blocked again. */
export async function undoNotSpam(visit: Visit<Member>, { id }: { readonly id: string }): Promise<void> {
  const { tx, viewer } = visit;
  const isUndone = await changeCall(visit, id, { notSpamAt: { not: null } }, { notSpamAt: null, notSpamBy: null });
  if (!isUndone) return;
  const number = await callerNumber(visit, id);
  const wasBlocked = await tx.call.count({ where: { businessId: viewer.businessId, id, uncharged: 'blocked' } });
  if (number !== null) await markCaller(visit, number, wasBlocked > 0 ? 'blocked' : null);
}
