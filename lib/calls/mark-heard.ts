import type { Member, Visit } from '@/lib/platform/visit';
import { changeCall } from './change-call';

/** The viewer has listened to the message. The first who did is remembered. */
export const markHeard = (visit: Visit<Member>, { id }: { readonly id: string }): Promise<boolean> =>
  changeCall(visit, id, { heardAt: null }, { heardAt: visit.now, heardBy: visit.viewer.userId });
