import type { Member, Visit } from '@/lib/platform/visit';
import { changeCall } from './change-call';

/** Somebody should listen to the message again. */
export const markUnheard = (visit: Visit<Member>, { id }: { readonly id: string }): Promise<boolean> =>
  changeCall(visit, id, { heardAt: { not: null } }, { heardAt: null, heardBy: null });
