import { PhoneOff, Search } from 'lucide-react';
import { ActionForm, type FormAction } from '@/app/_ui/action-form';
import { ButtonLink } from '@/app/_ui/button';
import { PhoneNumber } from '@/app/_ui/caller';
import { Choices } from '@/app/_ui/choices';
import { EmptyState } from '@/app/_ui/empty-state';
import { Field } from '@/app/_ui/field';
import { Pager } from '@/app/_ui/pager';
import { PageHead } from '@/app/_ui/shell';
import { type CallStatus, statusWords } from '@/app/_ui/words';
import { type CallRow, CallRows } from './call-rows';

export type CallsShow = 'all' | 'unheard' | 'urgent' | 'to_call_back';

/** The address of a page of calls. `caller` is opaque: a number in an address would end up in logs and histories. */
export type CallsQuery = { show: CallsShow; status: CallStatus | null; caller: string | null };

export type CallsView = {
  zone: string;
  now: Date;
  query: CallsQuery;
  /** The number `query.caller` stands for, in E.164. */
  callerNumber: string | null;
  /** Newest first. */
  calls: readonly CallRow[];
  /** Cursors for `?before=` (older) and `?after=` (newer). */
  older: string | null;
  newer: string | null;
};

/** `findCaller` gets `number` as typed, and leads to `/dashboard/calls?caller=…` or says that nobody has called from it. */
export type CallsActions = { findCaller: FormAction };

const shows: readonly { value: CallsShow; label: string }[] = [
  { value: 'all', label: 'All' },
  { value: 'unheard', label: 'Not listened to' },
  { value: 'urgent', label: 'Urgent' },
  { value: 'to_call_back', label: 'To call back' },
];

const statuses: readonly CallStatus[] = ['completed', 'forwarded', 'missed', 'rejected', 'failed'];

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

      <div className="flex flex-col gap-4">
        <Choices label="Which calls" choices={shows} chosen={query.show} href={(show) => address({ ...query, show })} />
        <details className="group" open={query.status !== null}>
          <summary className="w-fit rounded-control py-1 font-medium text-accent">More ways to find a call</summary>
          <div className="flex flex-col gap-4 pt-3">
            <Choices
              label="How they ended"
              choices={[
                { value: null, label: 'Any end' },
                ...statuses.map((status) => ({ value: status, label: statusWords[status] })),
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
          title={filtered ? 'No such calls' : 'No calls yet'}
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
        <CallRows calls={calls} now={now} zone={zone} />
      )}
      <Pager
        newer={view.newer === null ? null : address(query, { after: view.newer })}
        older={view.older === null ? null : address(query, { before: view.older })}
      />
    </>
  );
}

function address(query: CallsQuery, cursor: Record<string, string> = {}): string {
  const search = new URLSearchParams(cursor);
  if (query.show !== 'all') search.set('show', query.show);
  if (query.status !== null) search.set('status', query.status);
  if (query.caller !== null) search.set('caller', query.caller);
  return search.size === 0 ? '/dashboard/calls' : `/dashboard/calls?${search}`;
}
