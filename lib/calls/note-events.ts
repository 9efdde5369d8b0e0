/** What happened on a call, each thing once: a request that arrives twice finds its keys taken. */
import { newId } from '@/lib/platform/clock';
import { seal } from '@/lib/platform/sealing';
import type { Line, Visit } from '@/lib/platform/visit';
import type { JsonKey } from '@/lib/rules/data-map';

export type CallEventNote = {
  /** The same whenever the same thing is reported again. */
  readonly key: string;
  readonly kind: string;
  readonly detail?: { readonly [K in JsonKey<'CallEvent', 'detail'>]?: string | number | boolean | null };
  /** The caller's words: sealed. */
  readonly said?: string | null;
};

/** Notes events at the moment of the visit; those whose key is taken are left as they are. */
export async function noteEvents(visit: Visit<Line>, callId: string, events: readonly CallEventNote[]): Promise<void> {
  const { businessId } = visit.viewer;
  await visit.tx.callEvent.createMany({
    data: events.map(({ key, kind, detail = {}, said = null }) =>
      seal('CallEvent', { businessId, id: newId(), callId, key, kind, detail, said, at: visit.now }),
    ),
    skipDuplicates: true,
  });
}
