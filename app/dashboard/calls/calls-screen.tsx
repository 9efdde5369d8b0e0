import { PhoneOff, Search } from 'lucide-react';
import { ActionForm, type FormAction } from '@/app/_ui/action-form';
import { ButtonLink } from '@/app/_ui/button';
import { PhoneNumber } from '@/app/_ui/caller';
import { Choices } from '@/app/_ui/choices';
import { EmptyState } from '@/app/_ui/empty-state';
import { Field } from '@/app/_ui/field';
import { Pager } from '@/app/_ui/pager';
import { QuickAction } from '@/app/_ui/quick-action';
import { PageHead } from '@/app/_ui/shell';
import { dayOf } from '@/app/_ui/times';
import { statusWords } from '@/app/_ui/words';
import { ENDINGS, type Ending } from '@/lib/rules/call-status';
import { formatPhone } from '@/lib/rules/phone-number';
import { type CallRow, CallRows } from './call-rows';

export type CallsShow = 'all' | 'unheard' | 'urgent' | 'to_call_back' | 'spam';

/** The address of a page of calls. `caller` is opaque: a number in an address would end up in logs and histories. */
export type CallsQuery = { show: CallsShow; status: Ending | null; caller: string | null };

export type CallsView = {
  zone: string;
  now: Date;
  query: CallsQuery;
  /** The number `query.caller` stands for, in E.164. */
  callerNumber: string | null;
  /** Newest first. */
  calls: readonly CallRow[];
  /** Who is blocked, newest first, where spam is shown; numbers in E.164. */
  blocked: readonly { id: string; number: string; since: Date }[];
  /** Cursors for `?before=` (older) and `?after=` (newer). */
  older: string | null;
  newer: string | null;
};

/**
 * `findCaller` gets `number` as typed, and leads to `/dashboard/calls?caller=…` or says that nobody has called from it. The
 * others each get `id`; null for somebody who may look and not change anything.
 */
export type CallsActions = { findCaller: FormAction; screen: ScreenActions | null };
export type ScreenActions = { markNotSpam: FormAction; undoNotSpam: FormAction; liftBlock: FormAction };

const shows: readonly { value: CallsShow; label: string }[] = [
  { value: 'all', label: 'All' },
  { value: 'unheard', label: 'Not listened to' },
  { value: 'urgent', label: 'Urgent' },
  { value: 'to_call_back', label: 'To call back' },
  { value: 'spam', label: 'Spam' },
];

/** What it means that none of them is there. */
const nothing: Record<CallsShow, string> = {
  all: 'No calls yet',
  unheard: 'Everything is listened to',
  urgent: 'No urgent calls',
  to_call_back: 'Nobody waits to be called back',
  spam: 'No spam',
};

export function CallsScreen({ view, actions }: { view: CallsView; actions: CallsActions }) {
  const { query, calls, callerNumber, now, zone } = view;
  const filtered = query.show !== 'all' || query.status !== null || query.caller !== null;
  return (
    <>
      <PageHead
        title="Calls"
        aside={query.caller !== null && <ButtonLink href="/dashboard/calls">Show all calls</ButtonLink>}
      >
        {callerNumber === null ? (
          'Newest first.'
        ) : (
          <>
            Calls from <PhoneNumber number={callerNumber} />
          </>
        )}
      </PageHead>

      {query.show === 'spam' && (
        <p className="max-w-text text-quiet">
          Robots, callers you have blocked, and calls on which nobody said anything. None of them is charged. If one was
          a person, say so: they are never turned away again.
        </p>
      )}
      <div className="flex flex-col gap-4">
        <Choices label="Which calls" choices={shows} chosen={query.show} href={(show) => address({ ...query, show })} />
        <details className="group" open={query.status !== null}>
          <summary className="w-fit rounded-control py-1 font-medium text-accent">More ways to find a call</summary>
          <div className="flex flex-col gap-4 pt-3">
            <Choices
              label="How they ended"
              choices={[
                { value: null, label: 'Any end' },
                ...ENDINGS.map((status) => ({ value: status, label: statusWords[status] })),
              ]}
              chosen={query.status}
              href={(status) => address({ ...query, status })}
            />
            <div className="max-w-text">
              <ActionForm action={actions.findCaller} submit="Find" variant="secondary">
                <Field
                  label="Find a number"
                  name="number"
                  type="tel"
                  autoComplete="off"
                  hint="The whole number, as you would dial it."
                />
              </ActionForm>
            </div>
          </div>
        </details>
      </div>

      {calls.length === 0 ? (
        <EmptyState
          icon={filtered ? Search : PhoneOff}
          title={query.status === null && query.caller === null ? nothing[query.show] : 'No such calls'}
          action={
            filtered ? (
              <ButtonLink href="/dashboard/calls">Show all calls</ButtonLink>
            ) : (
              <ButtonLink href="/dashboard/number" variant="primary">
                Connect your number
              </ButtonLink>
            )
          }
        >
          {filtered
            ? 'Nothing here matches what you chose above.'
            : 'Every call we answer for you stands here, with what the caller wanted.'}
        </EmptyState>
      ) : (
        <CallRows calls={calls} now={now} zone={zone} spam={(query.show === 'spam' && actions.screen) || undefined} />
      )}
      {view.blocked.length > 0 && <Blocked view={view} liftBlock={actions.screen?.liftBlock ?? null} />}
      <Pager
        newer={view.newer === null ? null : address(query, { after: view.newer })}
        older={view.older === null ? null : address(query, { before: view.older })}
      />
    </>
  );
}

function Blocked({ view: { blocked, zone }, liftBlock }: { view: CallsView; liftBlock: FormAction | null }) {
  return (
    <section aria-labelledby="blocked" className="flex max-w-text flex-col gap-3">
      <h2 id="blocked" className="text-title font-semibold">
        Callers you have blocked
      </h2>
      <p className="text-quiet">They are turned away before the call is answered. A block ends after a year.</p>
      <ul aria-labelledby="blocked" className="divide-y divide-line border-y border-line">
        {blocked.map(({ id, number, since }) => (
          <li key={id} className="flex items-center justify-between gap-4 py-3">
            <div className="flex min-w-0 flex-col">
              <PhoneNumber number={number} />
              <span className="text-meta text-quiet">Since {dayOf(since, zone)}</span>
            </div>
            {liftBlock !== null && (
              <QuickAction action={liftBlock} fields={{ id }} label={`Unblock ${formatPhone(number)}`}>
                Unblock
              </QuickAction>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}

function address(query: CallsQuery, cursor: Record<string, string> = {}): string {
  const search = new URLSearchParams(cursor);
  if (query.show !== 'all') search.set('show', query.show);
  if (query.status !== null) search.set('status', query.status);
  if (query.caller !== null) search.set('caller', query.caller);
  return search.size === 0 ? '/dashboard/calls' : `/dashboard/calls?${search}`;
}
