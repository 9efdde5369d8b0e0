import { Check, Hand, Phone, Siren } from 'lucide-react';
import type { FormAction } from '@/app/_ui/action-form';
import { Badge } from '@/app/_ui/badge';
import { ButtonLink } from '@/app/_ui/button';
import { type Caller, CallerName, callBackLink, callerText, isVisible } from '@/app/_ui/caller';
import { QuickAction } from '@/app/_ui/quick-action';
import { Row, Rows } from '@/app/_ui/row';
import { PageHead } from '@/app/_ui/shell';
import { TimeAgo } from '@/app/_ui/time-ago';
import { type CallIntent, counted, intentWords } from '@/app/_ui/words';
import { ChainLine, type ChainLink } from './calls/chain-line';
import { type FirstSteps, FirstStepsList } from './first-steps-list';

/** A call that still needs somebody. */
export type WaitingCall = Caller & {
  id: string;
  intent: CallIntent;
  /** What they wanted, in a line; null when they did not say. */
  wanted: string | null;
  urgent: boolean;
  heard: boolean;
  at: Date;
  chain: readonly ChainLink[];
  /** Somebody has said that they see to it. */
  isTaken: boolean;
};

export type TodayView = {
  zone: string;
  now: Date;
  /** Messages nobody has listened to. */
  unheard: number;
  urgent: number;
  /** Everybody who waits to be called back, the urgent included. */
  toCallBack: number;
  oldestWaiting: Date | null;
  /** Urgent first, then the oldest; as many as one page shows (50). */
  waiting: readonly WaitingCall[];
  /** What a new business still has to see to; null once it is under way. */
  firstSteps: FirstSteps | null;
};

/** Each gets `id`. */
export type TodayActions = {
  markCalledBack: FormAction;
  undoCalledBack: FormAction;
  takeCall: FormAction;
  giveBackCall: FormAction;
};

export function TodayScreen({
  view,
  actions,
  mayManage,
}: {
  view: TodayView;
  /** Null for somebody who may look and not change anything. */
  actions: TodayActions | null;
  /** Whether the line is the viewer's to set up. */
  mayManage: boolean;
}) {
  const steps = mayManage ? view.firstSteps : null;
  const { zone, now, unheard, urgent, toCallBack, oldestWaiting, waiting } = view;
  const urgentCalls = waiting.filter((call) => call.urgent);
  const otherCalls = waiting.filter((call) => !call.urgent);
  const rows = (calls: readonly WaitingCall[]) =>
    calls.map((call) => (
      <WaitingRow
        key={call.id}
        call={call}
        now={now}
        zone={zone}
        actions={actions}
        first={call === (urgentCalls[0] ?? otherCalls[0])}
      />
    ));
  const left = toCallBack - waiting.length;
  return (
    <>
      <PageHead title={steps && toCallBack === 0 && unheard === 0 ? 'Set up your line' : headline(view)} loud>
        <p className="flex flex-wrap items-center gap-x-4 gap-y-1">
          {waiting.length === 0 && !steps && <Badge tone="good">All done</Badge>}
          {urgent > 0 && <Badge tone="urgent">{urgent.toLocaleString('en-GB')} urgent</Badge>}
          {toCallBack > 0 && unheard > 0 && <span>{toCallBack.toLocaleString('en-GB')} to call back</span>}
          {oldestWaiting !== null && (
            <span>
              Oldest from <TimeAgo at={oldestWaiting} now={now} zone={zone} />
            </span>
          )}
        </p>
      </PageHead>

      {steps && <FirstStepsList steps={steps} />}
      {waiting.length === 0 && !steps && (
        <>
          <p className="max-w-text text-quiet">
            Whoever leaves a message or asks to be called back stands here until you have seen to it.
          </p>
          <ButtonLink href="/dashboard/calls" className="self-start">
            See all calls
          </ButtonLink>
        </>
      )}
      {urgentCalls.length > 0 && (
        <section aria-labelledby="urgent" className="flex flex-col gap-2">
          <h2 id="urgent" className="flex items-center gap-2 font-semibold text-urgent">
            <Siren aria-hidden className="size-4" />
            Urgent
          </h2>
          <Rows label="Urgent calls">{rows(urgentCalls)}</Rows>
        </section>
      )}
      {otherCalls.length > 0 && (
        <section aria-labelledby="waiting" className="flex flex-col gap-2">
          <h2 id="waiting" className="font-semibold">
            To call back
          </h2>
          <Rows label="Calls to return">{rows(otherCalls)}</Rows>
        </section>
      )}
      {left > 0 && (
        <p>
          <ButtonLink href="/dashboard/calls?show=to_call_back" variant="quiet" className="-ml-3">
            See the other {left.toLocaleString('en-GB')}
          </ButtonLink>
        </p>
      )}
    </>
  );
}

/** The one thing that is loudest: what nobody has heard, else who still waits. */
function headline({ unheard, toCallBack }: TodayView): string {
  if (unheard > 0) return `${counted(unheard, 'message', 'messages')} nobody has listened to`;
  if (toCallBack > 0) return `${counted(toCallBack, 'person', 'people')} to call back`;
  return 'Nobody is waiting for you';
}

function WaitingRow({
  call,
  now,
  zone,
  actions,
  first,
}: {
  call: WaitingCall;
  now: Date;
  zone: string;
  actions: TodayActions | null;
  first: boolean;
}) {
  const who = callerText(call);
  const link = callBackLink(call);
  return (
    <Row
      href={`/dashboard/calls/${call.id}`}
      title={<CallerName {...call} />}
      loud={!call.heard}
      meta={<TimeAgo at={call.at} now={now} zone={zone} />}
      marks={
        <>
          {!call.heard && <Badge tone="unheard">Nobody has listened to this yet</Badge>}
          {call.isTaken && <Badge tone="good">{call.chain.find(({ step }) => step === 'seen')?.note}</Badge>}
          <ChainLine chain={call.chain} />
        </>
      }
      actions={
        actions !== null && (
          <>
            {link === null ? (
              <span className="self-center text-center text-meta text-quiet">No number to call</span>
            ) : (
              <ButtonLink href={link} variant={first ? 'primary' : 'secondary'} label={`Call back ${who}`}>
                <Phone aria-hidden className="size-4" />
                Call back
              </ButtonLink>
            )}
            <QuickAction
              action={actions.markCalledBack}
              undo={actions.undoCalledBack}
              fields={{ id: call.id }}
              label={`Mark as done: ${who}`}
              icon={<Check aria-hidden className="size-4" />}
            >
              Mark as done
            </QuickAction>
            {call.urgent && !call.isTaken && (
              <QuickAction
                action={actions.takeCall}
                undo={actions.giveBackCall}
                fields={{ id: call.id }}
                variant="quiet"
                label={`I take it: ${who}`}
                icon={<Hand aria-hidden className="size-4" />}
              >
                I take it
              </QuickAction>
            )}
          </>
        )
      }
    >
      {isVisible(call.wanted) ? call.wanted : intentWords[call.intent]}
    </Row>
  );
}
