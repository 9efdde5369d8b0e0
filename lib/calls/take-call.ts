import type { Member, Visit } from '@/lib/platform/visit';
import { changeCall } from './change-call';

type OneCall = { readonly id: string };

/** The viewer sees to the call, and it goes to nobody else. The first who says so is remembered. */
export const takeCall = (visit: Visit<Member>, { id }: OneCall): Promise<boolean> =>
  changeCall(visit, id, { takenAt: null }, { takenAt: visit.now, takenBy: visit.viewer.userId });

/** Nobody sees to it after all: while it is urgent and unseen, it goes round again. */
export const giveBackCall = (visit: Visit<Member>, { id }: OneCall): Promise<boolean> =>
  changeCall(visit, id, { takenAt: { not: null } }, { takenAt: null, takenBy: null });
