import { ActionForm, type FormAction } from '@/app/_ui/action-form';
import { Captcha } from '@/app/_ui/captcha';
import { Checkbox, Field } from '@/app/_ui/field';
import { NewPasswordField } from '@/app/_ui/new-password-field';
import { Plain, TextLink } from '@/app/_ui/plain';
import { ZoneField } from '@/app/_ui/zone-field';
import { zoneOptions } from '@/app/_ui/zones';

/** `signUp` gets `as`, `name`, `email`, `password`, `consent` and `captcha`; of an owner `business` and `zone`, too. */
export function SignUpScreen({
  signUp,
  as,
}: {
  signUp: FormAction;
  /** Somebody with a business whose phone is to be answered, or somebody without. */
  as: 'owner' | 'user';
}) {
  return (
    <Plain title="Create an account">
      <p>
        {as === 'owner'
          ? 'For your business. It is free for 30 minutes of calls a month, and we ask for no card. You choose the phone number later.'
          : 'For yourself, without a business. Whoever runs one can invite you into it later.'}
      </p>
      <ActionForm action={signUp} submit="Create my account">
        <input type="hidden" name="as" value={as} />
        {as === 'owner' && (
          <>
            <Field label="Name of your business" name="business" autoComplete="organization" maxLength={120} required />
            <ZoneField options={zoneOptions('UTC')} />
          </>
        )}
        <Field label="Your name" name="name" autoComplete="name" maxLength={120} required />
        <Field
          label="E-mail"
          name="email"
          type="email"
          autoComplete="username"
          autoCapitalize="none"
          hint="We send a link there, to confirm that it is yours."
          required
        />
        <NewPasswordField label="Password" about={[]} />
        <Checkbox name="consent" label="I agree that AfterCallPro stores what I have typed here, to run my account." />
        <Captcha always />
      </ActionForm>
      <div className="flex flex-col gap-1">
        {as === 'owner' ? (
          <TextLink href="/sign-up?as=user">I have no business</TextLink>
        ) : (
          <TextLink href="/sign-up">I have a business</TextLink>
        )}
        <TextLink href="/sign-in">I have an account already</TextLink>
      </div>
    </Plain>
  );
}
