import type { Line, Visit } from '@/lib/platform/visit';
import { statusFromReport } from '@/lib/rules/call-status';
import { chargedSeconds, holdSeconds } from '@/lib/rules/minutes';

/** How a call ended, as Twilio reported it (its `CallStatus`). `seconds`: from the answer on. */
export type End = { readonly reported: string; readonly startedAt: Date; readonly seconds: number };

/**
 * Says of a call that has ended how it stands and what it costs. Both follow from what is written down of it, so that
 * what arrives after the end counts as if it had come in time.
 */
export async function settleCall(visit: Visit<Line>, id: string, { reported, startedAt, seconds }: End): Promise<void> {
  const { businessId } = visit.viewer;
  const { intent, events } = await visit.tx.call.findFirstOrThrow({
    where: { businessId, id },
    select: { intent: true, events: { select: { kind: true, at: true, detail: true } } },
  });
  const kinds = new Set(events.map(({ kind }) => kind));
  const spam = kinds.has('rejected');
  const known = {
    messageLeft: kinds.has('message_left') || kinds.has('recorded'),
    taken: kinds.has('person_spoke'),
    intent,
  };
  const endedAt = new Date(startedAt.getTime() + seconds * 1000);
  const waits = events.map(({ kind, at, detail }) => ({ kind, at, urgent: Object(detail).urgent === true }));
  await visit.tx.call.updateMany({
    where: { businessId, id },
    data: {
      status: spam ? 'rejected' : statusFromReport(reported, known),
      startedAt,
      endedAt,
      secondsUsed: seconds,
      secondsCharged: chargedSeconds({ seconds, holdSeconds: holdSeconds(waits, endedAt), spam }),
    },
  });
}
