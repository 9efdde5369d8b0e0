import { ArrowLeft } from 'lucide-react';
import Link from 'next/link';
import type { ReactNode } from 'react';
import { ActionForm, type FormAction } from '@/app/_ui/action-form';
import { Badge } from '@/app/_ui/badge';
import { ButtonLink } from '@/app/_ui/button';
import { PhoneNumber } from '@/app/_ui/caller';
import { Fact } from '@/app/_ui/fact';
import { Field, Select, TextArea } from '@/app/_ui/field';
import { QuickAction } from '@/app/_ui/quick-action';
import { PageHead } from '@/app/_ui/shell';
import { TimeAgo } from '@/app/_ui/time-ago';
import { clockTime, dayOf } from '@/app/_ui/times';
import { counted, roleWords, tierWords } from '@/app/_ui/words';
import { GRANT_MINUTES, mostReason } from '@/lib/rules/break-glass';
import { TIER_MINUTES, type Tier } from '@/lib/rules/minutes';
import type { Role } from '@/lib/rules/permissions';

export type BusinessView = {
  now: Date;
  id: string;
  name: string;
  tier: Tier;
  monthlyMinutesLimit: number;
  createdAt: Date;
  suspendedAt: Date | null;
  /** Of this month, in the business's zone. */
  calls: number;
  minutes: number;
  numbers: readonly string[];
  people: readonly { id: string; name: string; role: Role }[];
  /** When its calls were opened to an admin; newest first. */
  grants: readonly { id: string; who: string | null; reason: string; startedAt: Date; endsAt: Date }[];
};

/** Each gets `id`; `changeTier` gets `tier` and `minutes`, `breakGlass` gets `reason` and `lasting`, in minutes. */
export type BusinessActions = {
  suspendBusiness: FormAction;
  reinstateBusiness: FormAction;
  changeTier: FormAction;
  breakGlass: FormAction;
};

const tiers = Object.keys(TIER_MINUTES) as Tier[];

export function BusinessScreen({ view, actions }: { view: BusinessView; actions: BusinessActions }) {
  const { now, id, people, grants } = view;
  return (
    <>
      <ButtonLink href="/admin/businesses" variant="quiet" className="-ml-3 self-start">
        <ArrowLeft aria-hidden className="size-4" />
        All businesses
      </ButtonLink>
      <PageHead title={view.name}>{view.suspendedAt !== null && <Badge tone="warn">Suspended</Badge>}</PageHead>
      <dl className="grid max-w-form grid-cols-[auto_minmax(0,1fr)] gap-x-8 gap-y-3">
        <Fact name="This month">
          {view.minutes.toLocaleString('en-GB')} of {counted(view.monthlyMinutesLimit, 'minute', 'minutes')},{' '}
          {counted(view.calls, 'call', 'calls')}
        </Fact>
        <Fact name="Number">
          {view.numbers.length === 0
            ? 'None yet'
            : view.numbers.map((number) => (
                <span key={number} className="block">
                  <PhoneNumber number={number} />
                </span>
              ))}
        </Fact>
        <Fact name="Here since">
          <time dateTime={view.createdAt.toISOString()}>{dayOf(view.createdAt, 'UTC')}</time>
        </Fact>
        {view.suspendedAt !== null && (
          <Fact name="Suspended">
            <TimeAgo at={view.suspendedAt} now={now} zone="UTC" />
          </Fact>
        )}
      </dl>

      <Part id="people" title="People">
        {people.length === 0 ? (
          <p className="text-quiet">Nobody belongs to it.</p>
        ) : (
          <ul className="divide-y divide-line border-y border-line">
            {people.map((person) => (
              <li key={person.id} className="flex items-center justify-between gap-4 py-3">
                <Link
                  href={`/admin/users/${person.id}`}
                  prefetch={false}
                  className="line-clamp-2 min-w-0 rounded-control underline decoration-line underline-offset-4 hover:decoration-current"
                >
                  <bdi>{person.name}</bdi>
                </Link>
                <span className="shrink-0 text-meta text-quiet">{roleWords[person.role]}</span>
              </li>
            ))}
          </ul>
        )}
      </Part>

      <Part id="tier" title="Tier">
        <ActionForm action={actions.changeTier} submit="Save the tier" variant="secondary">
          <input type="hidden" name="id" value={id} />
          <Select
            label="Tier"
            name="tier"
            defaultValue={view.tier}
            options={tiers.map((tier) => ({
              value: tier,
              label: `${tierWords[tier]}, ${counted(TIER_MINUTES[tier], 'minute', 'minutes')} as a rule`,
            }))}
          />
          <Field
            label="Minutes a month"
            name="minutes"
            inputMode="numeric"
            autoComplete="off"
            defaultValue={String(view.monthlyMinutesLimit)}
            hint="Past these, callers are still greeted and can leave a message."
          />
        </ActionForm>
      </Part>

      <Part id="suspension" title="Suspension">
        <p className="text-quiet">
          {view.suspendedAt === null
            ? 'Nobody could open the business any more. Its people keep their own accounts, and its callers are still greeted and can leave a message.'
            : 'Nobody can open the business. Its callers are greeted and can leave a message; nobody is rung.'}
        </p>
        {view.suspendedAt === null ? (
          <QuickAction action={actions.suspendBusiness} undo={actions.reinstateBusiness} fields={{ id }}>
            Suspend the business
          </QuickAction>
        ) : (
          <QuickAction action={actions.reinstateBusiness} fields={{ id }}>
            Lift the suspension
          </QuickAction>
        )}
      </Part>

      <Part id="break-glass" title="Look at its calls">
        <p className="text-quiet">
          What callers said is not yours to read. Where it cannot be avoided, you can look for a while, and change
          nothing. Its owners get a mail at once; they read who you are, your reason and every call you open, and can
          end it.
        </p>
        <ActionForm action={actions.breakGlass} submit="Open the calls" variant="secondary">
          <input type="hidden" name="id" value={id} />
          <TextArea
            label="Reason"
            name="reason"
            rows={3}
            maxLength={mostReason}
            defaultValue=""
            hint="A sentence that the owner will understand. No names of callers."
          />
          <Select
            label="For how long"
            name="lasting"
            defaultValue={String(GRANT_MINUTES[0])}
            options={GRANT_MINUTES.map((minutes) => ({ value: String(minutes), label: `${minutes} minutes` }))}
          />
        </ActionForm>
        {grants.length > 0 && (
          <>
            <h3 className="font-semibold">So far</h3>
            <ul className="divide-y divide-line border-y border-line">
              {grants.map((grant) => (
                <li key={grant.id} className="flex flex-col gap-1 py-3">
                  <p>
                    <bdi>{grant.who ?? 'An admin who is not here now'}</bdi>, {dayOf(grant.startedAt, 'UTC')},{' '}
                    {clockTime(grant.startedAt, 'UTC')} to {clockTime(grant.endsAt, 'UTC')} UTC
                  </p>
                  <p dir="auto" className="text-quiet wrap-anywhere">
                    {grant.reason}
                  </p>
                </li>
              ))}
            </ul>
          </>
        )}
      </Part>
    </>
  );
}

function Part({ id, title, children }: { id: string; title: string; children: ReactNode }) {
  return (
    <section aria-labelledby={id} className="flex max-w-text flex-col items-start gap-3 [&>ul]:w-full">
      <h2 id={id} className="text-title font-semibold">
        {title}
      </h2>
      {children}
    </section>
  );
}
