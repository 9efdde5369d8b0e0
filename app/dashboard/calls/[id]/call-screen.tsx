import { ArrowLeft, Ban, Check, Hand, Phone, Undo2 } from 'lucide-react';
import type { ReactNode } from 'react';
import type { FormAction } from '@/app/_ui/action-form';
import { AudioPlayer } from '@/app/_ui/audio-player';
import { Badge } from '@/app/_ui/badge';
import { ButtonLink } from '@/app/_ui/button';
import { type Caller, CallerName, callBackLink, isVisible, PhoneNumber } from '@/app/_ui/caller';
import { Fact } from '@/app/_ui/fact';
import { QuickAction } from '@/app/_ui/quick-action';
import { TimeAgo } from '@/app/_ui/time-ago';
import { Timeline } from '@/app/_ui/timeline';
import { clockTime, clockTimeWithSeconds, dayOf, duration, exactTime, zoneInWords } from '@/app/_ui/times';
import { type CallIntent, type CallStatus, outcomeWords, statusWords, type Uncharged } from '@/app/_ui/words';
import { type CallRow, CallRows } from '../call-rows';
import { type ChainLink, chainWords } from '../chain-line';

/** Something that happened during or after the call, told in words. */
export type CallEvent = { id: string; at: Date; text: string };

export type CallView = Caller & {
  zone: string;
  now: Date;
  id: string;
  type: 'inbound' | 'outbound';
  status: CallStatus;
  intent: CallIntent;
  /** What the caller wanted, in their words or in a summary; null when they did not say. */
  wanted: string | null;
  urgent: boolean;
  /** The business's number that was called, E.164. */
  calledNumber: string;
  startedAt: Date;
  endedAt: Date | null;
  secondsUsed: number;
  secondsCharged: number;
  /** False only where there is a message that still needs a listener. */
  heard: boolean;
  heardAt: Date | null;
  calledBackAt: Date | null;
  /** When somebody said that they see to it, and who: null for somebody who has left. */
  takenAt: Date | null;
  takenBy: string | null;
  /** It was the viewer who said so. */
  isYours: boolean;
  /** Why it costs nothing, and since when it is said to be no spam all the same; both null for most calls. */
  uncharged: Uncharged | null;
  notSpamAt: Date | null;
  /** Whether it counts as spam, and needs nobody. */
  isSpam: boolean;
  /** Whether whoever called is turned away from now on. */
  isBlocked: boolean;
  /** `coming`: still on its way from the phone company. `gone`: past its keeping time, or erased. */
  recording: { state: 'ready'; src: string; seconds: number | null } | { state: 'coming' | 'failed' | 'gone' | 'none' };
  transcript: ({ state: 'ready' } & Written) | { state: 'coming' | 'failed' | 'gone' | 'none' };
  /** All five, in order. */
  chain: readonly ChainLink[];
  /** In the order they happened. */
  events: readonly CallEvent[];
  /** Newest first: the list beside the call, on wide screens. */
  neighbours: readonly CallRow[];
};

/** What was said: the words, and again as stretches that are or are not to be relied on. */
type Written = {
  text: string;
  stretches: readonly { text: string; isUnsure: boolean }[];
  /** Why it is no message; null where it is one. */
  nothing: 'silence' | 'music' | 'machine' | null;
};

/** Each gets `id`. */
export type CallActions = {
  markHeard: FormAction;
  markUnheard: FormAction;
  markCalledBack: FormAction;
  undoCalledBack: FormAction;
  takeCall: FormAction;
  giveBackCall: FormAction;
  markNotSpam: FormAction;
  undoNotSpam: FormAction;
  blockCaller: FormAction;
  unblockCaller: FormAction;
};

const heardForm = 'mark-heard';

/** `actions`: null for somebody who may look and not change anything. `mayHold`: whether a legal hold is theirs to place. */
export function CallScreen({
  view,
  actions,
  mayHold,
}: {
  view: CallView;
  actions: CallActions | null;
  mayHold: boolean;
}) {
  const { zone, now } = view;
  return (
    <div className="wide:grid wide:grid-cols-[22rem_minmax(0,1fr)] wide:gap-8">
      <aside aria-label="Other calls" className="hidden wide:block">
        <CallRows calls={view.neighbours} now={now} zone={zone} current={view.id} />
      </aside>

      <article className="flex min-w-0 flex-col gap-8">
        <header className="flex flex-col gap-4">
          <ButtonLink href="/dashboard/calls" variant="quiet" className="-ml-3 self-start">
            <ArrowLeft aria-hidden className="size-4" />
            All calls
          </ButtonLink>
          <div className="flex flex-col gap-1">
            <div className="flex flex-wrap gap-x-4">
              {view.urgent && <Badge tone="urgent">Urgent</Badge>}
              {!view.heard && <Badge tone="unheard">Nobody has listened to this yet</Badge>}
              {view.calledBackAt !== null && <Badge tone="good">Done</Badge>}
              {view.takenAt !== null && view.calledBackAt === null && (
                <Badge tone="good">{view.isYours ? 'You see to it' : `${view.takenBy ?? 'Somebody'} sees to it`}</Badge>
              )}
              {view.isSpam && view.uncharged === 'robot' && <Badge tone="robot">Probably a robot</Badge>}
              {view.isBlocked && <Badge tone="robot">You have blocked this caller</Badge>}
            </div>
            <h1 className="line-clamp-3 text-title wrap-anywhere font-semibold desk:text-display">
              <CallerName {...view} />
            </h1>
            <p className="text-quiet">
              {isVisible(view.name) && view.number !== null && (
                <>
                  <PhoneNumber number={view.number} />,{' '}
                </>
              )}
              <TimeAgo at={view.startedAt} now={now} zone={zone} />
            </p>
          </div>
          <p dir="auto" className="max-w-text overflow-hidden wrap-anywhere">
            {inShort(view)}
          </p>
          {view.anonymised && (
            <p className="max-w-text text-quiet">
              This call is anonymised: its time was over, or the caller was erased. The hour, how long it took and how
              it ended is all that is left.
            </p>
          )}
          {actions !== null && !view.anonymised && <Actions view={view} actions={actions} />}
          {actions !== null && !view.anonymised && view.uncharged !== null && (
            <Spam view={view} uncharged={view.uncharged} actions={actions} />
          )}
        </header>

        <Part title="Recording">
          <Recording view={view} isWorked={actions !== null} />
        </Part>

        <Part title="In words">
          {view.transcript.state === 'ready' ? (
            <Words {...view.transcript} />
          ) : (
            <p className="text-quiet">{missing.transcript[view.transcript.state]}</p>
          )}
        </Part>

        <div className="grid gap-8 desk:grid-cols-2">
          <Part title="What became of it">
            <Timeline
              label="What became of it"
              steps={view.chain.map(({ step, state, at, note }) => ({
                key: step,
                state,
                title: chainWords[step],
                note: (at !== null || note !== null) && (
                  <>
                    {at !== null && <TimeAgo at={at} now={now} zone={zone} />}
                    {at !== null && note !== null && ' · '}
                    {note !== null && <bdi>{note}</bdi>}
                  </>
                ),
              }))}
            />
          </Part>
          <Part title="The call">
            <dl className="grid grid-cols-[auto_1fr] gap-x-6 gap-y-2">
              <Fact name="Direction">{view.type === 'inbound' ? 'They called you' : 'You called them'}</Fact>
              <Fact name="Ended as">{statusWords[view.status]}</Fact>
              <Fact name="Your number">
                <PhoneNumber number={view.calledNumber} />
              </Fact>
              <Fact name="Began">
                <time dateTime={view.startedAt.toISOString()}>{exactTime(view.startedAt, zone)}</time>
              </Fact>
              <Fact name="Ended">
                {view.endedAt === null ? (
                  'Not yet'
                ) : (
                  <time dateTime={view.endedAt.toISOString()}>{clockTime(view.endedAt, zone)}</time>
                )}
              </Fact>
              <Fact name="Time used">{duration(view.secondsUsed)}</Fact>
              <Fact name="Charged">
                {duration(view.secondsCharged)}
                {view.uncharged !== null && (
                  <span className="block text-meta text-quiet">{whyFree[view.uncharged]}</span>
                )}
                {view.uncharged === null && view.secondsCharged < view.secondsUsed && (
                  <span className="block text-meta text-quiet">The time in which we rang your people is free.</span>
                )}
              </Fact>
            </dl>
          </Part>
        </div>

        <Part title="Step by step">
          {view.events.length === 0 ? (
            <p className="text-quiet">Nothing was noted during this call.</p>
          ) : (
            <>
              <p className="text-meta text-quiet">All times are {zoneInWords(zone)}.</p>
              <ol className="flex flex-col gap-2">
                {view.events.map((event, n) => (
                  <li key={event.id} className="grid grid-cols-[6.5rem_minmax(0,1fr)] gap-x-2 gap-y-2">
                    {isNewDay(event, view.events[n - 1], zone) && (
                      <span className="col-span-2 font-medium">{dayOf(event.at, zone)}</span>
                    )}
                    <time dateTime={event.at.toISOString()} className="text-quiet">
                      {clockTimeWithSeconds(event.at, zone)}
                    </time>
                    <span dir="auto" className="overflow-hidden wrap-anywhere">
                      {event.text}
                    </span>
                  </li>
                ))}
              </ol>
            </>
          )}
        </Part>

        {mayHold && !view.anonymised && (
          <ButtonLink href={`/dashboard/compliance?hold=${view.id}#holds`} variant="quiet" className="-ml-3 self-start">
            Place a legal hold on this call
          </ButtonLink>
        )}
      </article>
    </div>
  );
}

const nothings = {
  silence: 'There is no message: nobody said anything.',
  music: 'There is no message: only music.',
  machine: 'There is no message: another answering machine spoke.',
} as const;

function Words({ stretches, nothing }: Written) {
  // Keyed by their place: they never change it.
  const words = stretches.map((stretch, place) => ({ ...stretch, key: String(place) }));
  return (
    <div className="flex max-w-text flex-col gap-2">
      {nothing !== null && <p>{nothings[nothing]}</p>}
      {nothing !== 'silence' && (
        <p
          dir="auto"
          className={`overflow-hidden whitespace-pre-line wrap-anywhere ${nothing === null ? '' : 'text-quiet'}`}
        >
          {words.map(({ key, text, isUnsure }) =>
            isUnsure ? (
              <span key={key}>
                <span className="sr-only">(unsure) </span>
                <span className="underline decoration-warn decoration-dotted decoration-2 underline-offset-4">
                  {text}
                </span>{' '}
              </span>
            ) : (
              `${text} `
            ),
          )}
        </p>
      )}
      {stretches.some(({ isUnsure }) => isUnsure) && (
        <p className="text-meta text-quiet">
          What is underlined was hard to make out and may be wrong. Listen to the recording.
        </p>
      )}
    </div>
  );
}

const missing = {
  recording: {
    none: 'There is no recording. The caller left no message.',
    coming: 'The recording is on its way. It is usually here within a minute.',
    failed:
      'We could not fetch the recording. It is still at the phone company, and the people who run AfterCallPro have been told.',
    gone: 'The recording is erased. It is kept no longer than promised.',
  },
  transcript: {
    none: 'There is nothing to write down.',
    coming: 'The text is on its way.',
    failed: 'Nobody could make out the words. Listen to the recording.',
    gone: 'The text is erased. It is kept no longer than promised.',
  },
} as const;

function Recording({ view, isWorked }: { view: CallView; isWorked: boolean }) {
  const { recording } = view;
  if (recording.state !== 'ready') return <p className="text-quiet">{missing.recording[recording.state]}</p>;
  return (
    <AudioPlayer
      src={recording.src}
      seconds={recording.seconds}
      sendWhenHeard={isWorked && view.heardAt === null ? heardForm : undefined}
    />
  );
}

function Actions({ view, actions }: { view: CallView; actions: CallActions }) {
  const fields = { id: view.id };
  const link = callBackLink(view);
  return (
    <div className="flex flex-col gap-2 desk:flex-row desk:flex-wrap">
      {link !== null && (
        <ButtonLink href={link} variant={view.calledBackAt === null && !view.isSpam ? 'primary' : 'secondary'}>
          <Phone aria-hidden className="size-4" />
          Call back
        </ButtonLink>
      )}
      {view.calledBackAt === null && !view.isSpam && (
        <QuickAction
          action={actions.markCalledBack}
          undo={actions.undoCalledBack}
          fields={fields}
          icon={<Check aria-hidden className="size-4" />}
        >
          Mark as done
        </QuickAction>
      )}
      {view.calledBackAt !== null && (
        <QuickAction action={actions.undoCalledBack} fields={fields} icon={<Undo2 aria-hidden className="size-4" />}>
          Not done yet
        </QuickAction>
      )}
      {view.urgent &&
        view.calledBackAt === null &&
        (view.takenAt === null ? (
          <QuickAction
            action={actions.takeCall}
            undo={actions.giveBackCall}
            fields={fields}
            icon={<Hand aria-hidden className="size-4" />}
          >
            I take it
          </QuickAction>
        ) : (
          view.isYours && (
            <QuickAction action={actions.giveBackCall} fields={fields} variant="quiet">
              I cannot see to it
            </QuickAction>
          )
        ))}
      {view.recording.state !== 'none' &&
        (view.heardAt === null ? (
          <QuickAction id={heardForm} action={actions.markHeard} undo={actions.markUnheard} fields={fields}>
            Mark as listened to
          </QuickAction>
        ) : (
          <QuickAction action={actions.markUnheard} fields={fields} variant="quiet">
            Mark as not listened to
          </QuickAction>
        ))}
      {link !== null &&
        (view.isBlocked ? (
          <QuickAction action={actions.unblockCaller} undo={actions.blockCaller} fields={fields} variant="quiet">
            Unblock this caller
          </QuickAction>
        ) : (
          <QuickAction
            action={actions.blockCaller}
            undo={actions.unblockCaller}
            fields={fields}
            variant="quiet"
            icon={<Ban aria-hidden className="size-4" />}
          >
            Block this caller
          </QuickAction>
        ))}
    </div>
  );
}

const whyFree: Record<Uncharged, string> = {
  blocked: 'Callers you have blocked are free.',
  robot: 'Robots are free.',
  silent: 'Calls on which nobody says anything are free.',
  short: 'Calls of less than 15 seconds are free.',
};

/** What made us think so, in a sentence. */
const suspicion: Record<Uncharged, string> = {
  blocked: 'We turned this call away, because you have blocked the caller.',
  robot: 'This was probably a robot, so it does not wait for you.',
  silent: 'Nobody said anything on this call.',
  short: 'This call was over in less than 15 seconds.',
};

/** One tap says that it was somebody, and the next takes it back. */
function Spam({ view, uncharged, actions }: { view: CallView; uncharged: Uncharged; actions: CallActions }) {
  const fields = { id: view.id };
  return (
    <div className="flex flex-col items-start gap-2 desk:flex-row desk:items-center desk:gap-4">
      <p className="text-quiet">
        {view.notSpamAt === null
          ? suspicion[uncharged]
          : 'You said that this is not spam. The caller is never turned away.'}
      </p>
      {view.notSpamAt === null ? (
        <QuickAction action={actions.markNotSpam} undo={actions.undoNotSpam} fields={fields}>
          Not spam
        </QuickAction>
      ) : (
        <QuickAction action={actions.undoNotSpam} fields={fields} variant="quiet">
          Take this back
        </QuickAction>
      )}
    </div>
  );
}

/** What they wanted. Where that is the whole message, it stands under the recording and is not said twice. */
function inShort({ wanted, intent, status, transcript }: CallView): string {
  const isSaidBelow = transcript.state === 'ready' && transcript.text.trim() === wanted;
  return isVisible(wanted) && !(isSaidBelow && intent !== 'none') ? wanted : outcomeWords({ intent, status });
}

/** What follows a call may happen on another day, and its time alone would mislead. */
function isNewDay(event: CallEvent, before: CallEvent | undefined, zone: string): boolean {
  return before === undefined || dayOf(event.at, zone) !== dayOf(before.at, zone);
}

function Part({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section className="flex min-w-0 flex-col gap-3">
      <h2 className="font-semibold">{title}</h2>
      {children}
    </section>
  );
}
