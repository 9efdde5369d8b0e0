import type { Member, Visit } from '@/lib/platform/visit';
import { changeCall } from './change-call';

/** The caller still waits to be called back. */
export const undoCalledBack = (visit: Visit<Member>, { id }: { readonly id: string }): Promise<boolean> =>
  changeCall(visit, id, { calledBackAt: { not: null } }, { calledBackAt: null, calledBackBy: null });
