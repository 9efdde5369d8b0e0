import type { FormAction } from '@/app/_ui/action-form';
import { Badge } from '@/app/_ui/badge';
import { type Caller, CallerName, callerText, isVisible } from '@/app/_ui/caller';
import { QuickAction } from '@/app/_ui/quick-action';
import { Row, Rows } from '@/app/_ui/row';
import { TimeAgo } from '@/app/_ui/time-ago';
import { duration } from '@/app/_ui/times';
import { type CallIntent, type CallStatus, outcomeWords, statusWords, type Uncharged } from '@/app/_ui/words';

/** A call as the list shows it. */
export type CallRow = Caller & {
  id: string;
  intent: CallIntent;
  status: CallStatus;
  /** What they wanted, in a line; null when they did not say. */
  wanted: string | null;
  urgent: boolean;
  /** False only where there is a message nobody has listened to. */
  heard: boolean;
  /** Whether somebody still waits to be called back. */
  toCallBack: boolean;
  /** Why it costs nothing; null where it is charged. */
  uncharged: Uncharged | null;
  /** Whether it was a robot, or somebody who is blocked, and nobody has said otherwise. */
  isSpam: boolean;
  at: Date;
  /** How long the call took; null while it goes on. */
  seconds: number | null;
};

export function CallRows({
  calls,
  now,
  zone,
  current,
  spam,
}: {
  calls: readonly CallRow[];
  now: Date;
  zone: string;
  /** The id of the call that is open beside the list. */
  current?: string;
  /** Where the list is of what may be spam, to say of each that it is not. Each gets `id`. */
  spam?: { markNotSpam: FormAction; undoNotSpam: FormAction };
}) {
  return (
    <Rows label="Calls, newest first">
      {calls.map((call) => (
        <Row
          key={call.id}
          href={`/dashboard/calls/${call.id}`}
          title={<CallerName {...call} />}
          loud={!call.heard}
          current={call.id === current}
          meta={<TimeAgo at={call.at} now={now} zone={zone} />}
          marks={
            <>
              {call.urgent && <Badge tone="urgent">Urgent</Badge>}
              {!call.heard && <Badge tone="unheard">Nobody has listened to this yet</Badge>}
              {call.isSpam && call.uncharged === 'robot' && <Badge tone="robot">Probably a robot</Badge>}
              {call.isSpam && call.uncharged === 'blocked' && <Badge tone="robot">You blocked this caller</Badge>}
              {call.heard && call.toCallBack && <Badge tone="waiting">To call back</Badge>}
              <span className="text-meta text-quiet">
                {statusWords[call.status]}
                {call.seconds !== null && `, ${duration(call.seconds)}`}
                {call.uncharged !== null && ', not charged'}
              </span>
            </>
          }
          actions={
            spam !== undefined && (
              <QuickAction
                action={spam.markNotSpam}
                undo={spam.undoNotSpam}
                fields={{ id: call.id }}
                label={`Not spam: ${callerText(call)}`}
              >
                Not spam
              </QuickAction>
            )
          }
        >
          {isVisible(call.wanted) ? call.wanted : outcomeWords(call)}
        </Row>
      ))}
    </Rows>
  );
}
