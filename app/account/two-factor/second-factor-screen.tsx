import { LogOut } from 'lucide-react';
import { ActionForm, type FormAction } from '@/app/_ui/action-form';
import { CodesForm } from '@/app/_ui/codes-form';
import { CopyField } from '@/app/_ui/copy-field';
import { Field } from '@/app/_ui/field';
import { Good, Plain, TextLink } from '@/app/_ui/plain';
import { QrCode } from '@/app/_ui/qr-code';
import { QuickAction } from '@/app/_ui/quick-action';
import { counted } from '@/app/_ui/words';

type Setup = { picture: { size: number; path: string }; address: string; key: string };

export type SecondFactorView = {
  isOn: boolean;
  /** It may not be off: without it nothing else opens. */
  isRequired: boolean;
  codesLeft: number;
  /** What waits for its first code. */
  setup: Setup | null;
};

/** `confirmSecondFactor` gets `code`; the others get nothing. */
export type SecondFactorActions = {
  beginSecondFactor: FormAction;
  confirmSecondFactor: FormAction;
  replaceRecoveryCodes: FormAction;
  removeSecondFactor: FormAction;
  signOut: FormAction;
};

export function SecondFactorScreen({
  view,
  next,
  actions,
}: {
  view: SecondFactorView;
  /** The path of ours that they were on their way to. */
  next: string;
  actions: SecondFactorActions;
}) {
  const { isOn, isRequired, setup } = view;
  // The sign-in page sends whoever is signed in to where they belong.
  const onward = next === '' ? '/account/security' : `/sign-in?next=${encodeURIComponent(next)}`;
  return (
    <Plain title="Second factor">
      {isOn && <Good>It is on: signing in takes your password and a code from your app.</Good>}
      {/* Always in this place, on or off: without JavaScript the page that comes back finds the answer by it. */}
      <CodesForm
        action={actions.confirmSecondFactor}
        submit="Turn it on"
        isOffered={!isOn && setup !== null}
        onward={onward}
        variant="primary"
        before={!isOn && <Before isRequired={isRequired} setup={setup} />}
        after={!isOn && <After isRequired={isRequired} setup={setup} actions={actions} />}
      >
        <Field
          label="The six digits that your app shows now"
          name="code"
          inputMode="numeric"
          autoComplete="one-time-code"
          required
        />
      </CodesForm>
      {isOn && (
        <section aria-labelledby="recovery" className="flex flex-col gap-4 border-t border-line pt-6">
          <h2 id="recovery" className="text-title font-semibold">
            Recovery codes
          </h2>
          <p>
            Each takes the place of your app once, should your phone be gone.{' '}
            {view.codesLeft === 0
              ? 'You have none left.'
              : `You have ${counted(view.codesLeft, 'code', 'codes')} left.`}{' '}
            New ones replace them, and sign you out everywhere else.
          </p>
          <CodesForm action={actions.replaceRecoveryCodes} submit="Make new codes" isOffered onward={onward} />
        </section>
      )}
      {isOn && !isRequired && (
        <section aria-labelledby="off" className="flex flex-col gap-4 border-t border-line pt-6">
          <h2 id="off" className="text-title font-semibold">
            Turn it off
          </h2>
          <p>
            Also to move it to a new phone: turn it off, then set it up again there. You are signed out everywhere else.
          </p>
          <ActionForm action={actions.removeSecondFactor} submit="Turn it off" variant="secondary" />
        </section>
      )}
      {isOn && back}
    </Plain>
  );
}

/** What stands above the first code, and makes room once the second factor is on. */
function Before({ isRequired, setup }: { isRequired: boolean; setup: Setup | null }) {
  return (
    <>
      {isRequired && (
        <p className="font-medium">
          Your account must have one, because you run the platform or because your business asks for it. Nothing else
          opens until it is set up.
        </p>
      )}
      <p>
        With a second factor your password alone opens nothing: signing in also takes a code from an app on your phone.
        Any authenticator app works, such as Google Authenticator, Aegis, 2FAS or the one in your password manager.
      </p>
      {setup && <Scan setup={setup} />}
    </>
  );
}

/** The ways on from there: to begin, to begin again, and to leave it. */
function After({
  isRequired,
  setup,
  actions,
}: {
  isRequired: boolean;
  setup: Setup | null;
  actions: SecondFactorActions;
}) {
  return (
    <>
      {setup === null ? (
        <ActionForm key="begin" action={actions.beginSecondFactor} submit="Set it up" />
      ) : (
        <ActionForm
          key="again"
          action={actions.beginSecondFactor}
          submit="Begin again with a new key"
          variant="quiet"
        />
      )}
      {isRequired ? (
        <div className="desk:self-start">
          <QuickAction action={actions.signOut} fields={{}} icon={<LogOut aria-hidden className="size-4" />}>
            Sign out
          </QuickAction>
        </div>
      ) : (
        back
      )}
    </>
  );
}

const back = <TextLink href="/account/security">Back to Security</TextLink>;

function Scan({ setup }: { setup: Setup }) {
  return (
    <section aria-labelledby="scan" className="flex flex-col gap-6">
      <h2 id="scan" className="text-title font-semibold">
        Scan this with your app
      </h2>
      <QrCode picture={setup.picture} label="Picture for your app. The same key stands below in letters." />
      <p>
        On this phone?{' '}
        <a href={setup.address} className="rounded-control font-medium text-accent underline underline-offset-4">
          Open it in your app
        </a>
      </p>
      <CopyField
        label="Or type this key"
        hint="Time-based, six digits. Whoever has this key can make your codes: show it to nobody."
        text={setup.key}
      />
    </section>
  );
}
