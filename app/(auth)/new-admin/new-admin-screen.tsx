import { ActionForm, type FormAction } from '@/app/_ui/action-form';
import { ButtonLink } from '@/app/_ui/button';
import { Field } from '@/app/_ui/field';
import { NewPasswordField } from '@/app/_ui/new-password-field';
import { Plain } from '@/app/_ui/plain';

/** `becomeAdmin` gets `token`, `name` and `password`. */
export function NewAdminScreen({
  becomeAdmin,
  works,
  token,
}: {
  becomeAdmin: FormAction;
  /** Whether the link can still be used. */
  works: boolean;
  token: string;
}) {
  if (!works) {
    return (
      <Plain title="This link no longer works">
        <p>
          A link works once, and for 30 minutes. Whoever printed it can print a new one with the same command and the
          same e-mail.
        </p>
        <ButtonLink href="/sign-in" variant="primary" className="desk:self-start">
          Go to sign-in
        </ButtonLink>
      </Plain>
    );
  }
  return (
    <Plain title="Run AfterCallPro">
      <p>Choose your name and a password. Then you sign in with the e-mail that the link was made for.</p>
      <ActionForm action={becomeAdmin} submit="Create my account">
        <input type="hidden" name="token" value={token} />
        <Field label="Your name" name="name" autoComplete="name" maxLength={120} required />
        <NewPasswordField about={[]} />
      </ActionForm>
    </Plain>
  );
}
