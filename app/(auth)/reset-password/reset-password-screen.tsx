import { ActionForm, type FormAction } from '@/app/_ui/action-form';
import { ButtonLink } from '@/app/_ui/button';
import { NewPasswordField } from '@/app/_ui/new-password-field';
import { Plain } from '@/app/_ui/plain';

/** `resetPassword` gets `token` and `password`. */
export function ResetPasswordScreen({
  resetPassword,
  works,
  token,
}: {
  resetPassword: FormAction;
  /** Whether the link can still be used. */
  works: boolean;
  token: string;
}) {
  if (!works) {
    return (
      <Plain title="This link no longer works">
        <p>A link works once, and for 30 minutes. Your password has not changed.</p>
        <ButtonLink href="/forgot-password" variant="primary" className="desk:self-start">
          Send me a new link
        </ButtonLink>
      </Plain>
    );
  }
  return (
    <Plain title="Choose a new password">
      <p>You will be signed out everywhere. Then sign in with the new password.</p>
      <ActionForm action={resetPassword} submit="Change password">
        <input type="hidden" name="token" value={token} />
        <NewPasswordField about={[]} />
      </ActionForm>
    </Plain>
  );
}
