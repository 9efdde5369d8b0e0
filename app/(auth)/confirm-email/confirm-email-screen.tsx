import { ActionForm, type FormAction } from '@/app/_ui/action-form';
import { ButtonLink } from '@/app/_ui/button';
import { Field } from '@/app/_ui/field';
import { Plain, TextLink } from '@/app/_ui/plain';

/** `confirmEmail` gets `token` and `password`, `resendConfirmation` gets `email`. */
type Actions = { confirmEmail: FormAction; resendConfirmation: FormAction };

export function ConfirmEmailScreen({
  actions,
  works,
  token,
}: {
  actions: Actions;
  /** Whether the link can still be used; null for somebody who came without one, having just signed up. */
  works: boolean | null;
  token: string;
}) {
  if (works) {
    return (
      <Plain title="Confirm your e-mail">
        <p>
          Type the password that you chose when you signed up, and your account is there. If it was not you who signed
          up, close this page: then there will be no account.
        </p>
        <ActionForm action={actions.confirmEmail} submit="Confirm my e-mail">
          <input type="hidden" name="token" value={token} />
          <Field label="Password" name="password" type="password" autoComplete="current-password" required />
        </ActionForm>
      </Plain>
    );
  }
  if (works === false) {
    return (
      <Plain title="This link no longer works">
        <p>
          A link works once, and for 24 hours. If you have used it, sign in. If it is older, sign up again: nothing was
          kept. If we sent you a newer one, open that.
        </p>
        <ButtonLink href="/sign-in" variant="primary" className="desk:self-start">
          Go to sign-in
        </ButtonLink>
        <TextLink href="/sign-up">Sign up again</TextLink>
      </Plain>
    );
  }
  return (
    <Plain title="Look into your mailbox">
      <p>
        We have sent you a mail. Open the link in it to confirm that the address is yours: it works once, and for 24
        hours. If you have an account already, the mail says so.
      </p>
      <section aria-labelledby="again" className="flex flex-col gap-4">
        <h2 id="again" className="text-title font-semibold">
          Is nothing there?
        </h2>
        <p>Look in the spam folder. If it is not there after a few minutes either, let us send the mail again.</p>
        <ActionForm action={actions.resendConfirmation} submit="Send it again" variant="secondary">
          <Field label="E-mail" name="email" type="email" autoComplete="username" autoCapitalize="none" required />
        </ActionForm>
      </section>
      <div className="flex flex-col gap-1">
        <TextLink href="/sign-up">Sign up with another address</TextLink>
        <TextLink href="/sign-in">Go to sign-in</TextLink>
      </div>
    </Plain>
  );
}
