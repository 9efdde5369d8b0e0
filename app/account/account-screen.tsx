import { LogOut } from 'lucide-react';
import { ActionForm, type FormAction } from '@/app/_ui/action-form';
import { Badge } from '@/app/_ui/badge';
import { Field } from '@/app/_ui/field';
import { TextLink } from '@/app/_ui/plain';
import { QuickAction } from '@/app/_ui/quick-action';
import { PageHead } from '@/app/_ui/shell';
import { TimeAgo } from '@/app/_ui/time-ago';
import { dayOf } from '@/app/_ui/times';
import { roleWords } from '@/app/_ui/words';
import { ZoneField } from '@/app/_ui/zone-field';
import { zoneOptions } from '@/app/_ui/zones';
import { mostOwned } from '@/lib/rules/first-business';
import { TIER_MINUTES } from '@/lib/rules/minutes';
import type { Role } from '@/lib/rules/permissions';
import { AccountTabs } from './account-tabs';

export type AccountView = {
  now: Date;
  /** The zone of the business one is in, else UTC. */
  zone: string;
  name: string;
  email: string;
  createdAt: Date;
  lastSignInAt: Date | null;
  /** Null for who runs the platform, and so belongs to none. */
  canAdd: 'yes' | 'owns enough' | null;
  businesses: readonly { id: string; name: string; role: Role; open: boolean; suspended: boolean }[];
};

/** `addBusiness` gets `business` and `zone`, `openBusiness` gets `id`, `changeName` gets `name`, `askForEmailChange` gets `email`. */
export type AccountActions = {
  signOut: FormAction;
  addBusiness: FormAction;
  openBusiness: FormAction;
  changeName: FormAction;
  askForEmailChange: FormAction;
};

export function AccountScreen({ view, actions }: { view: AccountView; actions: AccountActions }) {
  const { now, zone } = view;
  return (
    <>
      <PageHead title="Account">Who you are here.</PageHead>
      <AccountTabs />
      <dl className="grid max-w-form grid-cols-[auto_minmax(0,1fr)] gap-x-8 gap-y-3">
        <dt className="text-quiet">E-mail</dt>
        <dd>
          <bdi>{view.email}</bdi>
        </dd>
        <dt className="text-quiet">Here since</dt>
        <dd>
          <time dateTime={view.createdAt.toISOString()}>{dayOf(view.createdAt, zone)}</time>
        </dd>
        <dt className="text-quiet">Last sign-in</dt>
        <dd>
          {view.lastSignInAt === null ? 'This is the first' : <TimeAgo at={view.lastSignInAt} now={now} zone={zone} />}
        </dd>
      </dl>
      <section aria-labelledby="name-title" className="flex max-w-form flex-col gap-3">
        <h2 id="name-title" className="text-title font-semibold">
          Your name
        </h2>
        <ActionForm action={actions.changeName} submit="Save my name" variant="secondary">
          {/* The key: after saving, the field shows what was stored. */}
          <Field
            key={view.name}
            label="Name"
            name="name"
            autoComplete="name"
            defaultValue={view.name}
            hint="Your colleagues see it, callers do not."
            maxLength={120}
            required
          />
        </ActionForm>
      </section>
      <section aria-labelledby="email-title" className="flex max-w-form flex-col gap-3">
        <h2 id="email-title" className="text-title font-semibold">
          Another e-mail
        </h2>
        <ActionForm action={actions.askForEmailChange} submit="Send a link there" variant="secondary">
          <Field
            label="New e-mail"
            name="email"
            type="email"
            autoComplete="email"
            autoCapitalize="none"
            hint="We send a link to it. Nothing changes until you open that, and the address you have now hears of it."
            required
          />
        </ActionForm>
      </section>
      <section aria-labelledby="businesses" className="flex max-w-form flex-col gap-3">
        <h2 id="businesses" className="text-title font-semibold">
          Businesses
        </h2>
        {view.businesses.length === 0 ? (
          <p className="text-quiet">
            {view.canAdd === null
              ? 'You run the platform, and such an account belongs to no business.'
              : 'You are in no business here. Add your own, or have whoever runs one invite you, with the e-mail above; the invitation comes by mail.'}
          </p>
        ) : (
          <ul className="divide-y divide-line border-y border-line">
            {view.businesses.map((business) => (
              <li key={business.id} className="flex items-center justify-between gap-4 py-3">
                <div className="min-w-0">
                  <p className="line-clamp-2 font-medium">
                    <bdi>{business.name}</bdi>
                  </p>
                  <p className="text-meta text-quiet">{roleWords[business.role]}</p>
                </div>
                {business.suspended ? (
                  <Badge tone="warn">Suspended</Badge>
                ) : business.open ? (
                  <div className="flex flex-col items-end">
                    <span className="text-meta whitespace-nowrap text-quiet">You are here</span>
                    <span>
                      <TextLink href="/account/leave">Leave</TextLink>
                    </span>
                  </div>
                ) : (
                  <QuickAction
                    action={actions.openBusiness}
                    fields={{ id: business.id }}
                    label={`Open ${business.name}`}
                  >
                    Open
                  </QuickAction>
                )}
              </li>
            ))}
          </ul>
        )}
      </section>
      {view.canAdd !== null && <AddBusiness canAdd={view.canAdd} addBusiness={actions.addBusiness} />}
      <div className="desk:self-start">
        <QuickAction action={actions.signOut} fields={{}} icon={<LogOut aria-hidden className="size-4" />}>
          Sign out
        </QuickAction>
      </div>
    </>
  );
}

function AddBusiness({ canAdd, addBusiness }: { canAdd: 'yes' | 'owns enough'; addBusiness: FormAction }) {
  return (
    <section aria-labelledby="add-title" className="flex max-w-form flex-col gap-3">
      <h2 id="add-title" className="text-title font-semibold">
        Add a business
      </h2>
      {canAdd === 'yes' ? (
        <>
          <p className="text-quiet">
            You own it. It is free for {TIER_MINUTES.free} minutes of calls a month; you choose the phone number
            afterwards.
          </p>
          <ActionForm action={addBusiness} submit="Add the business" variant="secondary">
            <Field label="Name of the business" name="business" autoComplete="organization" maxLength={120} required />
            <ZoneField options={zoneOptions('UTC')} />
          </ActionForm>
        </>
      ) : (
        <p className="text-quiet">An account can own {mostOwned} businesses, and yours does.</p>
      )}
    </section>
  );
}
