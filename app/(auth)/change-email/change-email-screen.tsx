import { ActionForm, type FormAction } from '@/app/_ui/action-form';
import { ButtonLink } from '@/app/_ui/button';
import { Plain } from '@/app/_ui/plain';

/** `changeEmail` gets `token`. */
export function ChangeEmailScreen({
  changeEmail,
  works,
  token,
}: {
  changeEmail: FormAction;
  /** Whether the link can still be used. */
  works: boolean;
  token: string;
}) {
  if (!works) {
    return (
      <Plain title="This link no longer works">
        <p>A link works once, and for 30 minutes. If you have not used it, your e-mail is still the old one.</p>
        <ButtonLink href="/account" variant="primary" className="desk:self-start">
          Go to your account
        </ButtonLink>
      </Plain>
    );
  }
  return (
    <Plain title="Use this e-mail from now on?">
      <p>
        You sign in with it, and our mails go there. You are signed out everywhere but where you asked for the change,
        and the old address hears of it.
      </p>
      <ActionForm action={changeEmail} submit="Change my e-mail">
        <input type="hidden" name="token" value={token} />
      </ActionForm>
    </Plain>
  );
}
