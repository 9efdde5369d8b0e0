import { wantUsageTold } from '@/lib/notifications/want-usage-told';
import type { Line, Visit } from '@/lib/platform/visit';
import { type CallStatus, statusFromReport } from '@/lib/rules/call-status';
import { chargedSeconds, holdSeconds } from '@/lib/rules/minutes';
import { whyUncharged } from '@/lib/rules/screening';
import { tracesOf } from '@/lib/rules/traces';

/** How a call ended, as Twilio reported it (its `CallStatus`). `seconds`: from the answer on. */
export type End = { readonly reported: string; readonly startedAt: Date; readonly seconds: number };

/**
 * Says of a call that has ended how it stands, what it costs, and why it costs nothing where that is so. All of it follows
 * from what is written down of the call, so that what arrives after the end counts as if it had come in time.
 */
export async function settleCall(visit: Visit<Line>, id: string, { reported, startedAt, seconds }: End): Promise<void> {
  const { businessId } = visit.viewer;
  const { intent, urgent, events, transcripts } = await visit.tx.call.findFirstOrThrow({
    where: { businessId, id },
    select: {
      intent: true,
      urgent: true,
      events: { select: { kind: true, at: true, detail: true } },
      transcripts: { select: { status: true, nothing: true } },
    },
  });
  const traces = tracesOf(events, transcripts);
  const endedAt = new Date(startedAt.getTime() + seconds * 1000);
  const waits = events.map(({ kind, at, detail }) => ({ kind, at, urgent: Object(detail).urgent === true }));
  const uncharged = whyUncharged({ ...traces, urgent, seconds });
  await visit.tx.call.updateMany({
    where: { businessId, id },
    data: {
      status: traces.turnedAway === null ? statusFromReport(reported, { ...traces, intent }) : 'rejected',
      startedAt,
      endedAt,
      uncharged,
      secondsUsed: seconds,
      secondsCharged: chargedSeconds({
        seconds,
        holdSeconds: holdSeconds(waits, endedAt),
        isFree: uncharged !== null,
      }),
    },
  });
  await wantUsageTold(visit, startedAt);
}

/** A call as it was settled. */
type Settled = {
  readonly id: string;
  readonly status: CallStatus;
  readonly startedAt: Date;
  readonly secondsUsed: number;
};

/** The same once more, for what arrived after the end. Of what was reported, only a failure is kept in the status alone. */
export const settleAgain = (visit: Visit<Line>, { id, status, startedAt, secondsUsed }: Settled): Promise<void> =>
  settleCall(visit, id, { reported: status === 'failed' ? 'failed' : 'completed', startedAt, seconds: secondsUsed });
