import Link from 'next/link';
import type { FormAction } from '@/app/_ui/action-form';
import { Badge } from '@/app/_ui/badge';
import { QuickAction } from '@/app/_ui/quick-action';
import { clockTime, dayOf, exactTime, zoneInWords } from '@/app/_ui/times';
import { counted } from '@/app/_ui/words';

/** A time in which an admin of the platform could look at the calls of the business. */
export type Look = {
  id: string;
  /** Null for somebody who is not here now. */
  who: string | null;
  reason: string;
  startedAt: Date;
  endsAt: Date;
  /** Still going on. */
  isOpen: boolean;
  /** What ended it before its time; null where nothing did. */
  endedEarly: 'given_back' | 'by_owner' | 'with_session' | null;
  /** The calls that were opened, newest first. */
  calls: readonly { id: string; at: Date }[];
};

const ends = {
  given_back: 'They gave it back.',
  by_owner: 'You ended it.',
  with_session: 'It ended with the session in which they had opened it.',
};

/** Who looked at the calls, why, when, and at which ones; what is open now can be ended. */
export function Looks({ looks, zone, endGrant }: { looks: readonly Look[]; zone: string; endGrant: FormAction }) {
  return (
    <section aria-labelledby="looks" className="flex flex-col gap-3">
      <h2 id="looks" className="text-title font-semibold">
        When AfterCallPro looked at your calls
      </h2>
      <p className="max-w-text text-quiet">
        Who runs AfterCallPro cannot read your calls, unless they open them for an hour at most with a reason. They can
        change nothing. Times are {zoneInWords(zone)}.
      </p>
      <ul className="divide-y divide-line border-y border-line">
        {looks.map((look) => (
          <li
            key={look.id}
            className="flex flex-col gap-3 py-4 desk:flex-row desk:items-start desk:justify-between desk:gap-6"
          >
            <div className="flex min-w-0 flex-col gap-1">
              {look.isOpen && <Badge tone="warn">Open now</Badge>}
              <p>
                <bdi className="font-medium">{look.who ?? 'An admin who is not here now'}</bdi>,{' '}
                {dayOf(look.startedAt, zone)}, <Clock at={look.startedAt} zone={zone} /> to{' '}
                <Clock at={look.endsAt} zone={zone} />
              </p>
              <p dir="auto" className="max-w-text wrap-anywhere">
                {look.reason}
              </p>
              {look.endedEarly !== null && <p className="text-quiet">{ends[look.endedEarly]}</p>}
              {look.calls.length === 0 ? (
                <p className="text-quiet">
                  {look.isOpen ? 'They have opened no call so far.' : 'They opened no call.'}
                </p>
              ) : (
                <details>
                  <summary className="w-fit rounded-control py-1 text-accent">
                    Opened {counted(look.calls.length, 'call', 'calls')}
                  </summary>
                  <ul className="flex flex-col gap-1 py-2">
                    {look.calls.map((call) => (
                      <li key={call.id}>
                        <Link
                          href={`/dashboard/calls/${call.id}`}
                          prefetch={false}
                          className="rounded-control underline decoration-line underline-offset-4 hover:decoration-current"
                        >
                          The call of {exactTime(call.at, zone)}
                        </Link>
                      </li>
                    ))}
                  </ul>
                </details>
              )}
            </div>
            {look.isOpen && (
              <QuickAction action={endGrant} fields={{ id: look.id }} variant="primary">
                End it now
              </QuickAction>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}

function Clock({ at, zone }: { at: Date; zone: string }) {
  return <time dateTime={at.toISOString()}>{clockTime(at, zone)}</time>;
}
