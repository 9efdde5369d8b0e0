import { wantUsageTold } from '@/lib/notifications/want-usage-told';
import { sql } from '@/lib/platform/sql';
import type { Brief, Line } from '@/lib/platform/visit';
import { type CallIntent, type CallStatus, statusFromReport } from '@/lib/rules/call-status';
import { chargedSeconds, holdSeconds } from '@/lib/rules/minutes';
import { whyUncharged } from '@/lib/rules/screening';
import { tracesOf } from '@/lib/rules/traces';

/** How a call ended, as Twilio reported it (its `CallStatus`). `seconds`: from the answer on. */
export type End = { readonly reported: string; readonly startedAt: Date; readonly seconds: number };

/**
 * Says of a call that has ended how it stands, what it costs, and why it costs nothing where that is so. All of it follows
 * from what is written down of the call, so that what arrives after the end counts as if it had come in time.
 */
export async function settleCall(visit: Brief<Line>, id: string, { reported, startedAt, seconds }: End): Promise<void> {
  const { ask, viewer } = visit;
  const { intent, urgent, events, transcripts } = await readTraces(visit, id);
  const traces = tracesOf(events, transcripts);
  const endedAt = new Date(startedAt.getTime() + seconds * 1000);
  const waits = events.map(({ kind, at, detail }) => ({ kind, at, urgent: Object(detail).urgent === true }));
  const uncharged = whyUncharged({ ...traces, urgent, seconds });
  const status = traces.turnedAway === null ? statusFromReport(reported, { ...traces, intent }) : 'rejected';
  const charged = chargedSeconds({ seconds, holdSeconds: holdSeconds(waits, endedAt), isFree: uncharged !== null });
  await ask(sql`
    UPDATE calls SET status = ${status}::call_status, started_at = ${startedAt}::timestamptz,
      ended_at = ${endedAt}::timestamptz, uncharged = ${uncharged}::uncharged, seconds_used = ${seconds}::int,
      seconds_charged = ${charged}::int
    WHERE business_id = ${viewer.businessId}::uuid AND id = ${id}::uuid`);
  await wantUsageTold(visit, startedAt);
}

type Written = {
  readonly intent: CallIntent;
  readonly urgent: boolean;
  readonly events: readonly { readonly kind: string; readonly at: Date; readonly detail: unknown }[];
  readonly transcripts: Parameters<typeof tracesOf>[1];
};

/** What is written down of a call, without a word of what was said. */
async function readTraces({ ask, viewer }: Brief<Line>, id: string): Promise<Written> {
  const [call] = await ask<Written & { events: { at: string }[] }>(sql`
    SELECT intent, urgent,
      (SELECT coalesce(json_agg(json_build_object('kind', kind, 'at', at, 'detail', detail)), '[]')
        FROM call_events e WHERE e.business_id = c.business_id AND e.call_id = c.id) AS events,
      (SELECT coalesce(json_agg(json_build_object('status', status, 'nothing', nothing)), '[]')
        FROM transcripts t WHERE t.business_id = c.business_id AND t.call_id = c.id) AS transcripts
    FROM calls c WHERE business_id = ${viewer.businessId}::uuid AND id = ${id}::uuid`);
  if (!call) throw new Error('a call that is being settled is not there');
  return { ...call, events: call.events.map((event) => ({ ...event, at: new Date(event.at) })) };
}

/** A call as it was settled. */
type Settled = {
  readonly id: string;
  readonly status: CallStatus;
  readonly startedAt: Date;
  readonly secondsUsed: number;
};

/** The same once more, for what arrived after the end. Of what was reported, only a failure is kept in the status alone. */
export const settleAgain = (visit: Brief<Line>, { id, status, startedAt, secondsUsed }: Settled): Promise<void> =>
  settleCall(visit, id, { reported: status === 'failed' ? 'failed' : 'completed', startedAt, seconds: secondsUsed });
