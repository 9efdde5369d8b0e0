import { ActionForm, type FormAction } from '@/app/_ui/action-form';
import { Field } from '@/app/_ui/field';
import { Good, Plain, TextLink } from '@/app/_ui/plain';

/** `signIn` gets `email`, `password` and `next`. */
export type SignInProps = {
  signIn: FormAction;
  /** The path of ours to go to afterwards. */
  next: string;
  /** What was done on the way here; any other word says nothing. */
  after: string;
};

const news = new Map([
  ['reset', 'Your password is changed, and you are signed out everywhere. Sign in with the new one.'],
  ['joined', 'Your account is made, and you are in. Sign in with it.'],
  ['unlock', 'Your account is open again. Sign in.'],
  ['confirm', 'Your e-mail is confirmed and your account is there. Sign in.'],
]);

export function SignInScreen({ signIn, next, after }: SignInProps) {
  const done = news.get(after);
  return (
    <Plain title="Sign in">
      {done && <Good>{done}</Good>}
      <ActionForm action={signIn} submit="Sign in">
        <Field label="E-mail" name="email" type="email" autoComplete="username" autoCapitalize="none" required />
        <Field label="Password" name="password" type="password" autoComplete="current-password" required />
        <input type="hidden" name="next" value={next} />
      </ActionForm>
      <div className="flex flex-col gap-1">
        <TextLink href="/forgot-password">I forgot my password</TextLink>
        <TextLink href="/sign-up">Create an account</TextLink>
      </div>
    </Plain>
  );
}
