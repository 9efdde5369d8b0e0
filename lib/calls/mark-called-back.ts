import type { Member, Visit } from '@/lib/platform/visit';
import { changeCall } from './change-call';

/** The viewer has called back, or has seen to it another way. The first who did is remembered. */
export const markCalledBack = (visit: Visit<Member>, { id }: { readonly id: string }): Promise<boolean> =>
  changeCall(visit, id, { calledBackAt: null }, { calledBackAt: visit.now, calledBackBy: visit.viewer.userId });
