import { ActionForm, type FormAction } from '@/app/_ui/action-form';
import { Field } from '@/app/_ui/field';
import { Plain, TextLink } from '@/app/_ui/plain';

/** `passSecondFactor` gets `code` and `next`. */
export function TwoFactorScreen({
  passSecondFactor,
  next,
  withRecoveryCode,
}: {
  passSecondFactor: FormAction;
  /** The path of ours to go to afterwards. */
  next: string;
  /** The phone is not at hand. */
  withRecoveryCode: boolean;
}) {
  const query = next === '' ? '' : `next=${encodeURIComponent(next)}`;
  return (
    <Plain title={withRecoveryCode ? 'Your recovery code' : 'Your code'}>
      <p>
        {withRecoveryCode
          ? 'Type one of the ten codes that you kept when you turned the second factor on. Each works once.'
          : 'Open the app on your phone and type the six digits that it shows for AfterCallPro.'}
      </p>
      <ActionForm key={String(withRecoveryCode)} action={passSecondFactor} submit="Sign in">
        {withRecoveryCode ? (
          <Field
            label="Recovery code"
            name="code"
            autoComplete="off"
            autoCapitalize="characters"
            spellCheck={false}
            required
          />
        ) : (
          <Field label="Code" name="code" inputMode="numeric" autoComplete="one-time-code" required />
        )}
        <input type="hidden" name="next" value={next} />
      </ActionForm>
      <div className="flex flex-col gap-2">
        {withRecoveryCode ? (
          <TextLink href={query === '' ? '/two-factor' : `/two-factor?${query}`}>Use the app instead</TextLink>
        ) : (
          <TextLink href={`/two-factor?with=recovery-code${query && `&${query}`}`}>I do not have my phone</TextLink>
        )}
        <TextLink href="/sign-in">Sign in as somebody else</TextLink>
      </div>
    </Plain>
  );
}
