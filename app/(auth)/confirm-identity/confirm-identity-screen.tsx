import { ActionForm, type FormAction } from '@/app/_ui/action-form';
import { Field } from '@/app/_ui/field';
import { Plain, TextLink } from '@/app/_ui/plain';

export type ConfirmIdentityView = {
  email: string;
  /** A code is asked for, too. */
  hasSecondFactor: boolean;
};

/** `confirmIdentity` gets `password`, `code` and `next`. */
export function ConfirmIdentityScreen({
  confirmIdentity,
  view: { email, hasSecondFactor },
  next,
}: {
  confirmIdentity: FormAction;
  view: ConfirmIdentityView;
  /** The path of ours to go back to; `''` where a form waits in another tab. */
  next: string;
}) {
  return (
    <Plain title="Confirm that it is you">
      <p>
        What you are about to do needs more than an open browser, so we ask once more. It holds for ten minutes. You are
        signed in as <bdi className="wrap-anywhere">{email}</bdi>.
      </p>
      <ActionForm action={confirmIdentity} submit="Confirm">
        {/* For password managers: whose password this is. */}
        <input type="text" name="username" autoComplete="username" value={email} readOnly hidden />
        <Field label="Password" name="password" type="password" autoComplete="current-password" required />
        {hasSecondFactor && (
          <Field
            label="Code"
            name="code"
            autoComplete="one-time-code"
            autoCapitalize="characters"
            spellCheck={false}
            required
            hint="The six digits that your app shows, or one of your recovery codes."
          />
        )}
        <input type="hidden" name="next" value={next} />
      </ActionForm>
      <TextLink href="/account">Leave it, and go to your account</TextLink>
    </Plain>
  );
}
