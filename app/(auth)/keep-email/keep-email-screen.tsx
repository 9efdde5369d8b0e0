import { ActionForm, type FormAction } from '@/app/_ui/action-form';
import { ButtonLink } from '@/app/_ui/button';
import { Plain } from '@/app/_ui/plain';

/** `keepEmail` gets `token`. */
export function KeepEmailScreen({
  keepEmail,
  works,
  token,
}: {
  keepEmail: FormAction;
  /** Whether the link can still be used. */
  works: boolean;
  token: string;
}) {
  if (!works) {
    return (
      <Plain title="This link no longer works">
        <p>A link works once, and for 7 days.</p>
        <ButtonLink href="/sign-in" variant="primary" className="desk:self-start">
          Go to sign-in
        </ButtonLink>
      </Plain>
    );
  }
  return (
    <Plain title="Take the change back?">
      <p>
        This address will be the one of your account again, and everybody is signed out. If it was not you who changed
        it, choose a new password after that.
      </p>
      <ActionForm action={keepEmail} submit="Keep this e-mail">
        <input type="hidden" name="token" value={token} />
      </ActionForm>
    </Plain>
  );
}
