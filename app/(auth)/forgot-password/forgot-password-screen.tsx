import { ActionForm, type FormAction } from '@/app/_ui/action-form';
import { Field } from '@/app/_ui/field';
import { Plain, TextLink } from '@/app/_ui/plain';

/** `askForReset` gets `email`. */
export function ForgotPasswordScreen({ askForReset }: { askForReset: FormAction }) {
  return (
    <Plain title="Forgotten password">
      <p>We send you a link to choose a new one. Until you use it, your password stays as it is.</p>
      <ActionForm action={askForReset} submit="Send the link">
        <Field label="E-mail" name="email" type="email" autoComplete="username" autoCapitalize="none" required />
      </ActionForm>
      <TextLink href="/sign-in">Back to sign-in</TextLink>
    </Plain>
  );
}
