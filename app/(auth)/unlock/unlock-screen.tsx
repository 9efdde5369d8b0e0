import { ActionForm, type FormAction } from '@/app/_ui/action-form';
import { ButtonLink } from '@/app/_ui/button';
import { Plain } from '@/app/_ui/plain';

/** `unlockAccount` gets `token`. */
export function UnlockScreen({
  unlockAccount,
  works,
  token,
}: {
  unlockAccount: FormAction;
  /** Whether the link can still be used. */
  works: boolean;
  token: string;
}) {
  if (!works) {
    return (
      <Plain title="This link no longer works">
        <p>A link works once, and for 30 minutes. By then a closed account has opened again by itself.</p>
        <ButtonLink href="/sign-in" variant="primary" className="desk:self-start">
          Go to sign-in
        </ButtonLink>
      </Plain>
    );
  }
  return (
    <Plain title="Open your account again">
      <p>There were five wrong passwords in a row, so new sign-ins are closed for a while. Nobody got in.</p>
      <ActionForm action={unlockAccount} submit="Open my account">
        <input type="hidden" name="token" value={token} />
      </ActionForm>
    </Plain>
  );
}
