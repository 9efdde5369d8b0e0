import { Download, ScrollText, Search } from 'lucide-react';
import Form from 'next/form';
import Link from 'next/link';
import { actionAsChoice, actionInWords, reasonInWords, resourceInWords } from '@/lib/rules/audit-words';
import { Button, ButtonLink, buttonClass } from './button';
import { EmptyState } from './empty-state';
import { Field, Select } from './field';
import { Pager } from './pager';
import { clockTimeWithSeconds, dayOf, zoneInWords } from './times';
import { counted } from './words';

/** What is looked for; `''` is not looked for. */
export type TrailFilters = {
  /** An account's id, or `nobody`. */
  who: string;
  action: string;
  type: string;
  about: string;
  /** `YYYY-MM-DDTHH:MM` in the zone of the view. */
  from: string;
  until: string;
  business: string;
};

export type TrailEntry = {
  id: string;
  at: Date;
  action: string;
  resourceType: string;
  /** Ids of what it speaks of. */
  about: readonly string[];
  count: number;
  fields: readonly string[];
  reason: string | null;
  userId: string | null;
  businessId: string | null;
  address: string | null;
  browser: string;
};

export type TrailView = {
  zone: string;
  filters: TrailFilters;
  /** Those whose names may be shown. */
  people: readonly { id: string; name: string }[];
  choices: { actions: readonly string[]; types: readonly string[] };
  /** Newest first. */
  entries: readonly TrailEntry[];
  /** Cursors for `?before=` (older) and `?after=` (newer). */
  older: string | null;
  newer: string | null;
};

type Named = readonly { id: string; name: string }[];

/**
 * A trail: what to look for, what was found, and the way to take it away. `path` is the page's own address, `file` the
 * download's. `businesses` are named on the platform's trail alone.
 */
export function Trail({
  view,
  path,
  file,
  businesses = [],
}: {
  view: TrailView;
  path: string;
  file: string;
  businesses?: Named;
}) {
  const { filters, entries, zone, people } = view;
  const isFiltered = Object.values(filters).some((value) => value !== '');
  const here = (more: Record<string, string>) => addressOf(path, filters, more);
  return (
    <>
      <TrailForm view={view} path={path} businesses={businesses} isFiltered={isFiltered} />
      {entries.length === 0 ? (
        <EmptyState
          icon={isFiltered ? Search : ScrollText}
          title={isFiltered ? 'Nothing like that happened' : 'Nothing has happened yet'}
          action={isFiltered && <ButtonLink href={path}>Clear all filters</ButtonLink>}
        >
          {isFiltered
            ? 'No entry matches all that you chose. A wider time or one filter less finds more.'
            : 'Who signed in, opened a call or changed something will stand here, and stay.'}
        </EmptyState>
      ) : (
        <ul aria-label="Entries, newest first" className="-mx-2 divide-y divide-line border-y border-line">
          {entries.map((entry) => (
            <TrailRow
              key={entry.id}
              entry={entry}
              zone={zone}
              who={{ name: nameOf(entry, people), href: here({ who: entry.userId ?? 'nobody' }) }}
              business={businessOf(entry, businesses, here)}
              about={(id) => here({ about: id })}
            />
          ))}
        </ul>
      )}
      <Pager
        newer={view.newer === null ? null : here({ after: view.newer })}
        older={view.older === null ? null : here({ before: view.older })}
      />
      {entries.length > 0 && (
        <section aria-labelledby="take-away" className="flex flex-col gap-3 border-t border-line pt-6">
          <h2 id="take-away" className="text-title font-semibold">
            Take it with you
          </h2>
          <p className="max-w-text text-quiet">
            {isFiltered ? 'Everything the filters find, on all pages.' : 'The whole trail, on all pages.'} Taking it
            away becomes an entry of its own.
          </p>
          <p className="flex flex-wrap gap-3">
            {/* Plain links: whatever fetched them ahead of the click would write an entry that nobody made. Without
                `download`: where one has to confirm first, the answer is a page. */}
            <a href={addressOf(file, filters, { format: 'csv' })} className={buttonClass('secondary')}>
              <Download aria-hidden className="size-4" />
              Download CSV
            </a>
            <a href={addressOf(file, filters, { format: 'jsonl' })} className={buttonClass('secondary')}>
              <Download aria-hidden className="size-4" />
              Download JSON Lines
            </a>
          </p>
        </section>
      )}
    </>
  );
}

/** A GET: its answer is an address that can be kept, and it works before JavaScript arrives. */
function TrailForm({
  view: { filters, people, choices, zone },
  path,
  businesses,
  isFiltered,
}: {
  view: TrailView;
  path: string;
  businesses: Named;
  isFiltered: boolean;
}) {
  const place = zoneInWords(zone);
  const business = businesses.find(({ id }) => id === filters.business);
  return (
    // The key: after "Clear", the fields show what is looked for now.
    <details key={JSON.stringify(filters)} open={isFiltered}>
      <summary className="w-fit rounded-control py-1 font-medium text-accent">Look for something</summary>
      <Form action={path} prefetch={false} className="flex flex-col gap-4 pt-3">
        <div className="grid gap-4 desk:grid-cols-2 wide:grid-cols-4">
          <Select
            label="Who"
            name="who"
            defaultValue={filters.who}
            options={withChosen(
              [
                { value: '', label: 'Anybody' },
                ...people.map(({ id, name }) => ({ value: id, label: name })),
                { value: 'nobody', label: 'Nobody signed in' },
              ],
              filters.who,
            )}
          />
          <Select
            label="Did what"
            name="action"
            defaultValue={filters.action}
            options={withChosen(
              [
                { value: '', label: 'Anything' },
                ...choices.actions.map((action) => ({ value: action, label: `${actionAsChoice(action)} (${action})` })),
              ],
              filters.action,
            )}
          />
          <Select
            label="To what kind of thing"
            name="type"
            defaultValue={filters.type}
            options={withChosen(
              [
                { value: '', label: 'Any kind' },
                ...choices.types.map((type) => ({ value: type, label: resourceInWords(type) })),
              ],
              filters.type,
            )}
          />
          <Field
            label="To which one"
            name="about"
            defaultValue={filters.about}
            maxLength={100}
            autoComplete="off"
            spellCheck={false}
            hint="Its id, as entries show it."
          />
          <Field label={`From, ${place}`} name="from" type="datetime-local" defaultValue={filters.from} />
          <Field label={`Until, ${place}`} name="until" type="datetime-local" defaultValue={filters.until} />
          {filters.business !== '' && (
            <Select
              label="Business"
              name="business"
              defaultValue={filters.business}
              options={[
                { value: '', label: 'Any business' },
                { value: filters.business, label: business?.name ?? filters.business },
              ]}
            />
          )}
        </div>
        <div className="flex flex-wrap gap-3">
          <Button type="submit" variant="primary">
            Search the trail
          </Button>
          {isFiltered && (
            <ButtonLink href={path} variant="quiet">
              Clear all filters
            </ButtonLink>
          )}
        </div>
      </Form>
    </details>
  );
}

function TrailRow({
  entry,
  zone,
  who,
  business,
  about,
}: {
  entry: TrailEntry;
  zone: string;
  who: { name: string; href: string };
  business: { name: string; href: string } | null;
  about: (id: string) => string;
}) {
  const reason = entry.reason === null ? null : reasonInWords(entry.reason);
  const time = `${dayOf(entry.at, zone)}, ${clockTimeWithSeconds(entry.at, zone)}`;
  return (
    <li className="grid gap-x-6 gap-y-1 px-2 py-3 desk:grid-cols-[minmax(0,5fr)_minmax(0,3fr)_minmax(0,4fr)]">
      <div className="flex min-w-0 flex-col gap-0.5">
        <p className="font-medium">{actionInWords(entry)}</p>
        <p className="font-mono text-meta wrap-anywhere text-quiet">{entry.action}</p>
        {reason !== null && <p className="text-quiet">{reason}</p>}
      </div>
      <div className="flex min-w-0 flex-col items-start gap-0.5">
        <Way href={who.href}>{who.name}</Way>
        {business !== null && <Way href={business.href}>{business.name}</Way>}
      </div>
      <div className="flex min-w-0 flex-col gap-0.5 text-quiet">
        <time dateTime={entry.at.toISOString()} className="text-ink">
          {time}
          <span className="sr-only">, {zoneInWords(zone)}</span>
        </time>
        {entry.address !== null && (
          <p className="text-meta wrap-anywhere">
            {entry.address} · {entry.browser}
          </p>
        )}
      </div>
      {(entry.about.length > 0 || entry.fields.length > 0) && (
        <details className="min-w-0 desk:col-span-3">
          <summary className="w-fit rounded-control py-1 text-meta text-accent">{summaryOf(entry)}</summary>
          <div className="flex flex-col gap-2 py-2">
            {entry.fields.length > 0 && (
              <p className="text-meta wrap-anywhere">
                Fields: <span className="font-mono">{entry.fields.join(', ')}</span>
              </p>
            )}
            <ul className="flex flex-col gap-1">
              {entry.about.map((id) => (
                <li key={id} className="font-mono text-meta wrap-anywhere">
                  <Way href={about(id)}>{id}</Way>
                </li>
              ))}
            </ul>
          </div>
        </details>
      )}
    </li>
  );
}

/** Narrows the trail to what it names. */
function Way({ href, children }: { href: string; children: string }) {
  return (
    <Link
      href={href}
      prefetch={false}
      className="max-w-full rounded-control underline decoration-line underline-offset-4 wrap-anywhere hover:decoration-current"
    >
      <bdi>{children}</bdi>
    </Link>
  );
}

function summaryOf({ about, fields }: TrailEntry): string {
  const parts = [
    ...(about.length > 0 ? [counted(about.length, 'id', 'ids')] : []),
    ...(fields.length > 0 ? [counted(fields.length, 'field', 'fields')] : []),
  ];
  return `Show ${parts.join(' and ')}`;
}

/** Actions that somebody who is not signed in may have taken; every other one without a person was ours. */
const byStrangers = /^(?:session|access|request)\./;

function nameOf({ userId, action }: TrailEntry, people: Named): string {
  if (userId === null) return byStrangers.test(action) ? 'Nobody signed in' : 'AfterCallPro';
  return people.find(({ id }) => id === userId)?.name ?? 'Somebody who is not here now';
}

function businessOf({ businessId }: TrailEntry, businesses: Named, here: (more: Record<string, string>) => string) {
  const found = businesses.find(({ id }) => id === businessId);
  return found === undefined ? null : { name: found.name, href: here({ business: found.id }) };
}

type Choice = { value: string; label: string };

/** What is looked for stays in the list, also where it is not among the choices. */
const withChosen = (choices: readonly Choice[], chosen: string): Choice[] =>
  choices.some(({ value }) => value === chosen) ? [...choices] : [...choices, { value: chosen, label: chosen }];

/** The address of the first page of a search, with `more` on top of what is looked for. */
function addressOf(path: string, filters: TrailFilters, more: Record<string, string>): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries({ ...filters, ...more })) if (value !== '') search.set(name, value);
  return search.size === 0 ? path : `${path}?${search}`;
}
