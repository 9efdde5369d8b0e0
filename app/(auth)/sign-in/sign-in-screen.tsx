import { ActionForm, type FormAction } from '@/app/_ui/action-form';
import { Captcha } from '@/app/_ui/captcha';
import { Field } from '@/app/_ui/field';
import { Good, Plain, TextLink } from '@/app/_ui/plain';

/** `signIn` gets `email`, `password`, `next` and, once it is asked for, `captcha`. */
export type SignInProps = {
  signIn: FormAction;
  /** Whether the check against robots is needed from the first try on. */
  isChecked: boolean;
  /** The path of ours to go to afterwards. */
  next: string;
  /** What was done on the way here; any other word says nothing. */
  after: string;
};

const news = new Map([
  ['reset', 'Your password is changed, and you are signed out everywhere. Sign in with the new one.'],
  ['new-admin', 'Your account is ready. Sign in with your e-mail and the password you have just chosen.'],
  ['waited', 'The code took too long, so begin again with your password.'],
  ['joined', 'Your account is made, and you have joined the business. Sign in to begin.'],
  ['unlock', 'Your account is open again. Sign in.'],
  ['change-email', 'Your e-mail is changed. Sign in with the new one; where you asked for it you are signed in still.'],
  [
    'keep-email',
    'Your e-mail is the old one again, and everybody is signed out. If it was not you who changed it, choose a new password now.',
  ],
]);

export function SignInScreen({ signIn, isChecked, next, after }: SignInProps) {
  const done = news.get(after);
  return (
    <Plain title="Sign in">
      {done && (after === 'waited' ? <p>{done}</p> : <Good>{done}</Good>)}
      <ActionForm action={signIn} submit="Sign in">
        <Field label="E-mail" name="email" type="email" autoComplete="username" autoCapitalize="none" required />
        <Field label="Password" name="password" type="password" autoComplete="current-password" required />
        <input type="hidden" name="next" value={next} />
        <Captcha always={isChecked} />
      </ActionForm>
      <div className="flex flex-col gap-1">
        <TextLink href="/forgot-password">I forgot my password</TextLink>
        <TextLink href="/sign-up">Create an account</TextLink>
      </div>
    </Plain>
  );
}
