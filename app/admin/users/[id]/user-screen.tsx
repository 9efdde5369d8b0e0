import { ArrowLeft, LockOpen, LogOut } from 'lucide-react';
import Link from 'next/link';
import type { ReactNode } from 'react';
import type { FormAction } from '@/app/_ui/action-form';
import { Badge } from '@/app/_ui/badge';
import { ButtonLink } from '@/app/_ui/button';
import { Fact } from '@/app/_ui/fact';
import { QuickAction } from '@/app/_ui/quick-action';
import { PageHead } from '@/app/_ui/shell';
import { TimeAgo } from '@/app/_ui/time-ago';
import { clockTime, dayOf } from '@/app/_ui/times';
import { counted, roleWords } from '@/app/_ui/words';
import type { Role } from '@/lib/rules/permissions';
import { type AccountFacts, AccountMarks } from '../users-screen';

export type UserView = {
  now: Date;
  account: AccountFacts;
  isSelf: boolean;
  businesses: readonly { id: string; name: string; role: Role; suspendedAt: Date | null }[];
  /** How many sessions are open. */
  sessions: number;
};

/** Each gets `id`; `changeAccountRole` gets `role` too. */
export type UserActions = {
  suspendAccount: FormAction;
  reinstateAccount: FormAction;
  unlockForSomebody: FormAction;
  signOutSomebody: FormAction;
  changeAccountRole: FormAction;
};

export function UserScreen({ view, actions }: { view: UserView; actions: UserActions }) {
  const { account, now, isSelf, businesses } = view;
  const fields = { id: account.id };
  const isAdmin = account.role === 'admin';
  return (
    <>
      <ButtonLink href="/admin/users" variant="quiet" className="-ml-3 self-start">
        <ArrowLeft aria-hidden className="size-4" />
        All users
      </ButtonLink>
      <PageHead title={account.name}>
        <bdi>{account.email}</bdi>
      </PageHead>
      <p className="flex flex-wrap gap-x-4 gap-y-1">
        <AccountMarks account={account} />
      </p>
      <dl className="grid max-w-form grid-cols-[auto_minmax(0,1fr)] gap-x-8 gap-y-3">
        <Fact name="Here since">
          <time dateTime={account.createdAt.toISOString()}>{dayOf(account.createdAt, 'UTC')}</time>
        </Fact>
        <Fact name="Last sign-in">
          {account.lastSignInAt === null ? 'Never' : <TimeAgo at={account.lastSignInAt} now={now} zone="UTC" />}
        </Fact>
        <Fact name="Signed in now">{view.sessions === 0 ? 'Nowhere' : counted(view.sessions, 'place', 'places')}</Fact>
        <Fact name="Second factor">{account.twoFactorEnabled ? 'On' : 'Off'}</Fact>
        {account.lockedUntil !== null && (
          <Fact name="Closed until">
            <time dateTime={account.lockedUntil.toISOString()}>{clockTime(account.lockedUntil, 'UTC')}</time> UTC, after
            wrong passwords
          </Fact>
        )}
        {account.suspendedAt !== null && (
          <Fact name="Suspended">
            <TimeAgo at={account.suspendedAt} now={now} zone="UTC" />
          </Fact>
        )}
      </dl>

      <section aria-labelledby="businesses" className="flex max-w-form flex-col gap-3">
        <h2 id="businesses" className="text-title font-semibold">
          Businesses
        </h2>
        {businesses.length === 0 ? (
          <p className="text-quiet">They belong to none.</p>
        ) : (
          <ul className="divide-y divide-line border-y border-line">
            {businesses.map((business) => (
              <li key={business.id} className="flex items-center justify-between gap-4 py-3">
                <Link
                  href={`/admin/businesses/${business.id}`}
                  prefetch={false}
                  className="line-clamp-2 min-w-0 rounded-control underline decoration-line underline-offset-4 hover:decoration-current"
                >
                  <bdi>{business.name}</bdi>
                </Link>
                <span className="flex shrink-0 gap-3 text-meta text-quiet">
                  {business.suspendedAt !== null && <Badge tone="warn">Suspended</Badge>}
                  {roleWords[business.role]}
                </span>
              </li>
            ))}
          </ul>
        )}
      </section>

      <section aria-labelledby="do" className="flex max-w-text flex-col gap-6">
        <h2 id="do" className="text-title font-semibold">
          What you can do
        </h2>
        {isSelf ? (
          <p className="text-quiet">This is your own account. Another admin has to change it.</p>
        ) : (
          <>
            {account.lockedUntil !== null && (
              <Deed text="Wrong passwords closed the account. Open it once you are sure who asks.">
                <QuickAction
                  action={actions.unlockForSomebody}
                  fields={fields}
                  icon={<LockOpen aria-hidden className="size-4" />}
                >
                  Unlock the account
                </QuickAction>
              </Deed>
            )}
            {view.sessions > 0 && (
              <Deed text="Ends every session, wherever it is open. They can sign in again.">
                <QuickAction
                  action={actions.signOutSomebody}
                  fields={fields}
                  icon={<LogOut aria-hidden className="size-4" />}
                >
                  Sign out everywhere
                </QuickAction>
              </Deed>
            )}
            {account.suspendedAt === null ? (
              <Deed text="They are signed out at once and cannot sign in. They get a mail. Nothing is deleted.">
                <QuickAction action={actions.suspendAccount} undo={actions.reinstateAccount} fields={fields}>
                  Suspend the account
                </QuickAction>
              </Deed>
            ) : (
              <Deed text="They can sign in again, with the password and the second factor they had.">
                <QuickAction action={actions.reinstateAccount} fields={fields}>
                  Lift the suspension
                </QuickAction>
              </Deed>
            )}
            <Deed
              text={
                isAdmin
                  ? 'They lose the platform at once and become an ordinary user.'
                  : 'They could do all that you can. Who belongs to a business has to leave it first.'
              }
            >
              <QuickAction action={actions.changeAccountRole} fields={{ ...fields, role: isAdmin ? 'user' : 'admin' }}>
                {isAdmin ? 'Make an ordinary user' : 'Make an admin'}
              </QuickAction>
            </Deed>
          </>
        )}
      </section>
    </>
  );
}

function Deed({ text, children }: { text: string; children: ReactNode }) {
  return (
    <div className="flex flex-col items-start gap-2">
      <p className="text-quiet">{text}</p>
      {children}
    </div>
  );
}
