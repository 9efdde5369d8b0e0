import { ActionForm, type FormAction } from '@/app/_ui/action-form';
import { ButtonLink } from '@/app/_ui/button';
import { Checkbox, Field } from '@/app/_ui/field';
import { NewPasswordField } from '@/app/_ui/new-password-field';
import { Plain, TextLink } from '@/app/_ui/plain';

type Offer = {
  state: 'open';
  /** The business that invites. */
  business: string;
  role: 'business_owner' | 'staff';
  /** Whom it is for. */
  email: string;
  /** What whoever has opened it would have to do. */
  next: 'accept' | 'switch' | 'sign in' | 'join' | 'never';
};

export type InvitationView = Offer | { state: 'unknown' | 'accepted' | 'withdrawn' | 'expired' };

/** `acceptInvitation` gets `token`; `joinByInvitation` gets `token`, `name`, `password` and `consent`. */
export type InvitationActions = { acceptInvitation: FormAction; joinByInvitation: FormAction; signOut: FormAction };

const over = {
  accepted: {
    title: 'You have accepted already',
    text: 'This invitation was accepted, and a link works once. Sign in to go on.',
  },
  withdrawn: {
    title: 'This invitation was withdrawn',
    text: 'Whoever invited you has taken it back. You are in no business because of it. If that surprises you, ask them.',
  },
  expired: {
    title: 'This invitation has run out',
    text: 'An invitation works for seven days. Ask whoever invited you to send it again.',
  },
  unknown: {
    title: 'This link no longer works',
    text: 'If you were sent a newer invitation, open the newest mail: each one takes the place of the one before. Otherwise ask whoever invited you to send it again.',
  },
} as const;

export function InvitationScreen({
  view,
  token,
  actions,
}: {
  view: InvitationView;
  token: string;
  actions: InvitationActions;
}) {
  if (view.state !== 'open') {
    const { title, text } = over[view.state];
    return (
      <Plain title={title}>
        <p>{text}</p>
        <ButtonLink href="/sign-in" variant="primary" className="desk:self-start">
          Go to sign-in
        </ButtonLink>
      </Plain>
    );
  }
  return (
    <Plain title="You are invited">
      <p>
        <bdi className="font-semibold">{view.business}</bdi> invites <bdi className="wrap-anywhere">{view.email}</bdi>{' '}
        {view.role === 'staff' ? 'as staff: to see and handle its calls.' : 'as an owner: to run it on AfterCallPro.'}
      </p>
      <Step view={view} token={token} actions={actions} />
    </Plain>
  );
}

function Step({ view, token, actions }: { view: Offer; token: string; actions: InvitationActions }) {
  const carried = <input type="hidden" name="token" value={token} />;
  switch (view.next) {
    case 'accept':
      return (
        <ActionForm action={actions.acceptInvitation} submit="Accept the invitation">
          {carried}
        </ActionForm>
      );
    case 'switch':
      return (
        <>
          <p>
            You are signed in with another address. Sign out, open the link in the mail again, and go on as this one.
            Nothing has changed.
          </p>
          <ActionForm action={actions.signOut} submit="Sign out">
            {null}
          </ActionForm>
        </>
      );
    case 'sign in':
      return (
        <>
          <p>There is an account with this address. Sign in to it, and you come back here.</p>
          <ButtonLink
            href={`/sign-in?next=${encodeURIComponent(`/invitation?token=${token}`)}`}
            variant="primary"
            className="desk:self-start"
          >
            Sign in to accept
          </ButtonLink>
          <TextLink href="/forgot-password">I forgot my password</TextLink>
        </>
      );
    case 'join':
      return (
        <>
          <p>Choose a name and a password, and the account is yours. Then sign in with it.</p>
          <ActionForm action={actions.joinByInvitation} submit="Make my account and accept">
            {carried}
            {/* For password managers: whose password this is. */}
            <input type="text" name="username" autoComplete="username" value={view.email} readOnly hidden />
            <Field label="Your name" name="name" autoComplete="name" required hint="Your colleagues see it." />
            <NewPasswordField label="Password" about={[view.email]} />
            <Checkbox
              name="consent"
              label="I agree that AfterCallPro stores my name and e-mail address to run my account."
            />
          </ActionForm>
        </>
      );
    case 'never':
      return (
        <p>
          The account of this address runs the platform, and such an account belongs to no business. Ask to be invited
          with another address.
        </p>
      );
  }
}
