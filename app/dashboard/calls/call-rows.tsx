import { Badge } from '@/app/_ui/badge';
import { type Caller, CallerName, isVisible } from '@/app/_ui/caller';
import { Row, Rows } from '@/app/_ui/row';
import { TimeAgo } from '@/app/_ui/time-ago';
import { duration } from '@/app/_ui/times';
import { type CallIntent, type CallStatus, intentWords, statusWords } from '@/app/_ui/words';

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
  at: Date;
  /** How long the call took; null while it goes on. */
  seconds: number | null;
};

export function CallRows({
  calls,
  now,
  zone,
  current,
}: {
  calls: readonly CallRow[];
  now: Date;
  zone: string;
  /** The id of the call that is open beside the list. */
  current?: string;
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
              {call.heard && call.toCallBack && <Badge tone="waiting">To call back</Badge>}
              <span className="text-meta text-quiet">
                {statusWords[call.status]}
                {call.seconds !== null && `, ${duration(call.seconds)}`}
              </span>
            </>
          }
        >
          {isVisible(call.wanted) ? call.wanted : intentWords[call.intent]}
        </Row>
      ))}
    </Rows>
  );
}
