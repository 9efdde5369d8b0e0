import { ActionForm, type FormAction } from '@/app/_ui/action-form';
import { Field } from '@/app/_ui/field';
import { Plain } from '@/app/_ui/plain';

/** `signIn` gets `email`, `password` and `next`. */
export type SignInProps = {
  signIn: FormAction;
  /** The path of ours to go to afterwards. */
  next: string;
};

export function SignInScreen({ signIn, next }: SignInProps) {
  return (
    <Plain title="Sign in">
      <ActionForm action={signIn} submit="Sign in">
        <Field label="E-mail" name="email" type="email" autoComplete="username" autoCapitalize="none" required />
        <Field label="Password" name="password" type="password" autoComplete="current-password" required />
        <input type="hidden" name="next" value={next} />
      </ActionForm>
    </Plain>
  );
}
