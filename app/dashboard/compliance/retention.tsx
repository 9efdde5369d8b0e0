import Link from 'next/link';
import { ActionForm, type FormAction } from '@/app/_ui/action-form';
import { PhoneNumber } from '@/app/_ui/caller';
import { Field, Select, TextArea } from '@/app/_ui/field';
import { QuickAction } from '@/app/_ui/quick-action';
import { TimeAgo } from '@/app/_ui/time-ago';
import { dayOf, exactTime } from '@/app/_ui/times';
import { counted } from '@/app/_ui/words';
import { FEWEST_DAYS, KEPT_DAYS } from '@/lib/rules/retention';

export type RetentionView = {
  now: Date;
  /** How long what is kept, in days. */
  days: Readonly<Record<'recording' | 'transcript' | 'metadata', number>>;
  /** The law that asks for a longer time; null where none does. */
  basis: string | null;
  holds: readonly Hold[];
  /** The call that a hold may be placed on; null where none was opened on the way here. */
  call: { id: string; startedAt: Date } | null;
  /** The last clean-up; null before the first. */
  report: {
    lookedAt: Date;
    recordings: number;
    transcripts: number;
    calls: number;
    appointments: number;
    /** How long the oldest of what went had been over. */
    pastDueSeconds: number;
  } | null;
};

type Hold = {
  id: string;
  /** The call it is on, and when that was; both null for a person or for everything. */
  callId: string | null;
  callAt: Date | null;
  /** The number of the person it is on, E.164. */
  number: string | null;
  reason: string;
  placedAt: Date;
};

/**
 * `choosePeriods` gets `recording`, `transcript`, `metadata` (days) and `basis`; `placeHold` gets `on`, `number` or `callId`,
 * and `reason`; `liftHold` gets `id`.
 */
export type RetentionActions = { choosePeriods: FormAction; placeHold: FormAction; liftHold: FormAction };

type Props = { view: RetentionView; zone: string; actions: RetentionActions };

/** How long things are kept, and what the last clean-up did. */
export function Periods({ view: { now, days, basis, report }, zone, actions }: Props) {
  return (
    <section aria-labelledby="kept" className="flex max-w-text flex-col gap-4">
      <h2 id="kept" className="text-title font-semibold">
        How long things are kept
      </h2>
      <p className="text-quiet">
        What is over goes within a day, here and at the phone company. Keep less whenever you like; keep more only where
        a law asks you to.
      </p>
      {report === null ? (
        <p>The first clean-up has not run yet. It runs every night.</p>
      ) : (
        <p>
          Last clean-up <TimeAgo at={report.lookedAt} now={now} zone={zone} />: {whatWent(report)}
        </p>
      )}
      <ActionForm action={actions.choosePeriods} submit="Save the times" variant="secondary">
        <Days name="recording" label="Recordings, in days" days={days} />
        <Days name="transcript" label="What callers said, as text, in days" days={days} />
        <Days
          name="metadata"
          label="Who called and when, in days"
          days={days}
          more=" Then the call is anonymised: its hour, its length and how it ended stay for your figures."
        />
        <Field
          label="Law that asks for a longer time"
          name="basis"
          autoComplete="off"
          maxLength={200}
          defaultValue={basis ?? ''}
          hint="Only where a time is longer than promised. It stands here for whoever checks."
        />
      </ActionForm>
    </section>
  );
}

function Days({
  name,
  label,
  days,
  more = '',
}: {
  name: 'recording' | 'transcript' | 'metadata';
  label: string;
  days: RetentionView['days'];
  more?: string;
}) {
  return (
    <Field
      label={label}
      name={name}
      inputMode="numeric"
      autoComplete="off"
      defaultValue={String(days[name])}
      hint={`Promised: ${KEPT_DAYS[name]}. Fewest: ${FEWEST_DAYS[name]}.${more}`}
    />
  );
}

function whatWent({
  recordings,
  transcripts,
  calls,
  appointments,
  pastDueSeconds,
}: NonNullable<RetentionView['report']>) {
  const parts = [
    recordings > 0 && counted(recordings, 'recording', 'recordings'),
    transcripts > 0 && counted(transcripts, 'written-down message', 'written-down messages'),
    calls > 0 && `${counted(calls, 'call', 'calls')} anonymised`,
    appointments > 0 && `${counted(appointments, 'appointment', 'appointments')} anonymised`,
  ].filter((part) => part !== false);
  if (parts.length === 0) return 'nothing was over.';
  return `${parts.join(', ')}. The oldest had been over for ${lateness(pastDueSeconds)}.`;
}

function lateness(seconds: number): string {
  if (seconds < 7_200) return counted(Math.ceil(seconds / 60), 'minute', 'minutes');
  if (seconds < 172_800) return counted(Math.round(seconds / 3_600), 'hour', 'hours');
  return counted(Math.round(seconds / 86_400), 'day', 'days');
}

/** What is not deleted while a dispute lasts. */
export function Holds({ view: { holds, call }, zone, actions }: Props) {
  return (
    <section aria-labelledby="holds" className="flex max-w-text flex-col gap-4">
      <h2 id="holds" className="text-title font-semibold">
        Legal holds
      </h2>
      <p className="text-quiet">
        While a dispute lasts, what belongs to it must not be deleted. A hold stops every clean-up and every erasure of
        what it covers, until you lift it. To hold a single call, open it and go on from there.
      </p>
      {holds.length > 0 && (
        <ul aria-labelledby="holds" className="divide-y divide-line border-y border-line">
          {holds.map((hold) => (
            <li
              key={hold.id}
              className="flex flex-col gap-3 py-4 desk:flex-row desk:items-start desk:justify-between desk:gap-6"
            >
              <div className="flex min-w-0 flex-col gap-1">
                <p className="font-medium">
                  <Subject hold={hold} zone={zone} />
                </p>
                <p dir="auto" className="wrap-anywhere">
                  {hold.reason}
                </p>
                <p className="text-meta text-quiet">Since {dayOf(hold.placedAt, zone)}</p>
              </div>
              <QuickAction action={actions.liftHold} fields={{ id: hold.id }}>
                Lift the hold
              </QuickAction>
            </li>
          ))}
        </ul>
      )}
      <ActionForm action={actions.placeHold} submit="Place the hold" variant="secondary">
        {call !== null && <input type="hidden" name="callId" value={call.id} />}
        <Select
          label="What to hold"
          name="on"
          defaultValue={call === null ? 'person' : 'call'}
          options={[
            ...(call === null ? [] : [{ value: 'call', label: `The call of ${exactTime(call.startedAt, zone)}` }]),
            { value: 'person', label: 'Everything of one caller' },
            { value: 'business', label: 'Everything of this business' },
          ]}
        />
        <Field
          label="The caller’s number"
          name="number"
          type="tel"
          autoComplete="off"
          hint="For one caller. As you would dial it."
        />
        <TextArea
          label="Why"
          name="reason"
          rows={2}
          maxLength={500}
          defaultValue=""
          hint="Such as the court and its number. Sealed like what callers say."
        />
      </ActionForm>
    </section>
  );
}

function Subject({ hold: { callId, callAt, number }, zone }: { hold: Hold; zone: string }) {
  if (callId !== null)
    return (
      <Link
        href={`/dashboard/calls/${callId}`}
        prefetch={false}
        className="rounded-control underline decoration-line underline-offset-4 hover:decoration-current"
      >
        The call{callAt !== null && ` of ${exactTime(callAt, zone)}`}
      </Link>
    );
  if (number !== null)
    return (
      <>
        Everything of <PhoneNumber number={number} />
      </>
    );
  return 'Everything of this business';
}
