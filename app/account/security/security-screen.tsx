import { LogOut } from 'lucide-react';

import { ActionForm, type FormAction } from '@/app/_ui/action-form';
import { ButtonLink } from '@/app/_ui/button';
import { Field } from '@/app/_ui/field';
import { NewPasswordField } from '@/app/_ui/new-password-field';
import { Good } from '@/app/_ui/plain';
import { QuickAction } from '@/app/_ui/quick-action';
import { PageHead } from '@/app/_ui/shell';
import { TimeAgo } from '@/app/_ui/time-ago';
import { counted } from '@/app/_ui/words';
import { deviceInWords } from '@/lib/rules/device';
import { confirmIdentityAddress } from '@/lib/rules/session';
import { AccountTabs } from '../account-tabs';

type Session = {
  id: string;
  createdAt: Date;
  lastSeenAt: Date;
  ipAddress: string | null;
  /** The country of the address, where it has one. */
  place: string | null;
  userAgent: string | null;
  isThis: boolean;
};

export type SecurityView = {
  now: Date;
  /** The zone of the business one is in, else UTC. */
  zone: string;
  /** What a new password must not contain. */
  about: readonly string[];
  secondFactor: { isOn: boolean; codesLeft: number };
  /** Whether this session proved itself a short while ago: changes take that. */
  isRecent: boolean;
  sessions: readonly Session[];
};

/** `changePassword` gets `current` and `password`, `revokeSession` gets `id`. */
export type SecurityActions = {
  changePassword: FormAction;
  revokeSession: FormAction;
  revokeOtherSessions: FormAction;
};

export function SecurityScreen({ view, actions }: { view: SecurityView; actions: SecurityActions }) {
  const { sessions, about } = view;
  return (
    <>
      <PageHead title="Security">Your password, your second factor, and where you are signed in.</PageHead>
      <AccountTabs />
      <section aria-labelledby="devices" className="flex max-w-form flex-col gap-3">
        <h2 id="devices" className="text-title font-semibold">
          Where you are signed in
        </h2>
        <p className="text-quiet">
          If you do not know one of these, sign it out and change your password. The names are what each browser says of
          itself.
        </p>
        <ul className="divide-y divide-line border-y border-line">
          {sessions.map((session) => (
            <SessionRow key={session.id} session={session} view={view} revoke={actions.revokeSession} />
          ))}
        </ul>
        {sessions.length > 1 && (
          <div className="desk:self-start">
            <QuickAction
              action={actions.revokeOtherSessions}
              fields={{}}
              icon={<LogOut aria-hidden className="size-4" />}
            >
              Sign out everywhere else
            </QuickAction>
          </div>
        )}
      </section>
      <SecondFactorSection {...view.secondFactor} />
      <section aria-labelledby="password-title" className="flex max-w-text flex-col gap-4">
        <h2 id="password-title" className="text-title font-semibold">
          Change your password
        </h2>
        <p className="text-quiet">You stay signed in here. Everywhere else you are signed out.</p>
        {view.isRecent ? (
          <ChangePasswordForm changePassword={actions.changePassword} about={about} />
        ) : (
          <ButtonLink href={confirmIdentityAddress('/account/security')} className="desk:self-start">
            Confirm that it is you first
          </ButtonLink>
        )}
      </section>
    </>
  );
}

function SecondFactorSection({ isOn, codesLeft }: SecurityView['secondFactor']) {
  return (
    <section aria-labelledby="second-factor" className="flex max-w-text flex-col gap-3">
      <h2 id="second-factor" className="text-title font-semibold">
        Second factor
      </h2>
      {isOn ? (
        <>
          <Good>On: signing in takes your password and a code from your app.</Good>
          <p className={codesLeft > 2 ? 'text-quiet' : undefined}>
            {codesLeft === 0
              ? 'You have no recovery codes left. Make new ones, or a lost phone locks you out.'
              : `You have ${counted(codesLeft, 'recovery code', 'recovery codes')} left, for when your phone is gone.`}
          </p>
        </>
      ) : (
        <p className="text-quiet">
          Off. With it, signing in also takes a code from an app on your phone, and a stolen password opens nothing.
        </p>
      )}
      <ButtonLink href="/account/two-factor" className="desk:self-start">
        {isOn ? 'New codes, or turn it off' : 'Turn it on'}
      </ButtonLink>
    </section>
  );
}

function ChangePasswordForm({ changePassword, about }: { changePassword: FormAction; about: readonly string[] }) {
  const [email = ''] = about;
  return (
    <ActionForm action={changePassword} submit="Change password">
      {/* For password managers: whose password this is. */}
      <input type="text" name="username" autoComplete="username" value={email} readOnly hidden />
      <Field label="Password you have now" name="current" type="password" autoComplete="current-password" required />
      <NewPasswordField about={about} />
    </ActionForm>
  );
}

function SessionRow({ session, view, revoke }: { session: Session; view: SecurityView; revoke: FormAction }) {
  const device = deviceInWords(session.userAgent);
  const time = (at: Date) => <TimeAgo at={at} now={view.now} zone={view.zone} />;
  return (
    <li className="flex flex-col gap-3 py-3 desk:flex-row desk:items-center desk:justify-between">
      <div className="min-w-0">
        <p className="font-medium">
          {device}
          {session.isThis && <span className="font-normal text-good"> · This is where you are</span>}
        </p>
        <p className="text-meta text-quiet">
          {session.place ?? 'Place not known'}
          {session.ipAddress !== null && (
            <>
              {' '}
              (<bdi>{session.ipAddress}</bdi>)
            </>
          )}{' '}
          · signed in {time(session.createdAt)} · last seen {time(session.lastSeenAt)}
        </p>
      </div>
      {!session.isThis && (
        <QuickAction action={revoke} fields={{ id: session.id }} label={`Sign out ${device}`}>
          Sign out
        </QuickAction>
      )}
    </li>
  );
}
