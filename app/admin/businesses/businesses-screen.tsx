import { Search, Store } from 'lucide-react';
import Form from 'next/form';
import { Badge } from '@/app/_ui/badge';
import { Button, ButtonLink } from '@/app/_ui/button';
import { EmptyState } from '@/app/_ui/empty-state';
import { Field } from '@/app/_ui/field';
import { Pager } from '@/app/_ui/pager';
import { Row, Rows } from '@/app/_ui/row';
import { PageHead } from '@/app/_ui/shell';
import { counted, tierWords } from '@/app/_ui/words';
import type { Tier } from '@/lib/rules/minutes';

/** A business in figures: nothing here says who called. */
export type BusinessFigures = {
  id: string;
  name: string;
  tier: Tier;
  monthlyMinutesLimit: number;
  createdAt: Date;
  suspendedAt: Date | null;
  people: number;
  /** Of this month, in the business's zone. */
  calls: number;
  minutes: number;
};

export type BusinessesView = {
  find: string;
  /** Newest first. */
  businesses: readonly BusinessFigures[];
  older: string | null;
  newer: string | null;
};

const path = '/admin/businesses';

export function BusinessesScreen({ view }: { view: BusinessesView }) {
  const { find, businesses } = view;
  return (
    <>
      <PageHead title="Businesses">Newest first, with this month’s figures.</PageHead>
      {/* A GET: its answer is an address that can be kept, and it works before JavaScript arrives. */}
      <Form key={find} action={path} prefetch={false} className="flex max-w-text flex-col gap-4">
        <Field
          label="Find a business"
          name="find"
          defaultValue={find}
          maxLength={120}
          autoComplete="off"
          hint="A part of its name, or its whole number, such as +1 415 555 0132."
        />
        <div className="flex flex-wrap gap-3">
          <Button type="submit">Find</Button>
          {find !== '' && (
            <ButtonLink href={path} variant="quiet">
              Show all
            </ButtonLink>
          )}
        </div>
      </Form>
      {businesses.length === 0 ? (
        <EmptyState icon={find === '' ? Store : Search} title={find === '' ? 'No business yet' : 'No such business'}>
          {find === ''
            ? 'Whoever signs up with a business stands here.'
            : 'No name has this in it, and no business has this number.'}
        </EmptyState>
      ) : (
        <Rows label="Businesses, newest first">
          {businesses.map((business) => (
            <Row
              key={business.id}
              href={`${path}/${business.id}`}
              title={<bdi>{business.name}</bdi>}
              meta={tierWords[business.tier]}
              marks={business.suspendedAt !== null && <Badge tone="warn">Suspended</Badge>}
            >
              {inFigures(business)}
            </Row>
          ))}
        </Rows>
      )}
      <Pager
        newer={view.newer === null ? null : address(find, { after: view.newer })}
        older={view.older === null ? null : address(find, { before: view.older })}
      />
    </>
  );
}

function inFigures({ minutes, monthlyMinutesLimit, calls, people }: BusinessFigures): string {
  const used = `${minutes.toLocaleString('en-GB')} of ${counted(monthlyMinutesLimit, 'minute', 'minutes')}`;
  return `${used}, ${counted(calls, 'call', 'calls')}, ${counted(people, 'person', 'people')}`;
}

function address(find: string, cursor: Record<string, string>): string {
  const search = new URLSearchParams(cursor);
  if (find !== '') search.set('find', find);
  return `${path}?${search}`;
}
