import { ActionForm, type FormAction } from '@/app/_ui/action-form';
import { ButtonLink } from '@/app/_ui/button';
import { Good, Plain } from '@/app/_ui/plain';
import { exactTime } from '@/app/_ui/times';

export type TakeView = {
  business: string;
  zone: string;
  callId: string;
  startedAt: Date;
  /** `taken` by somebody else, or seen to already. */
  state: 'open' | 'yours' | 'taken';
};

/** `takeByLink` gets `token`. `view`: null for a link that leads nowhere any more. */
export function TakeScreen({
  view,
  takeByLink,
  token,
}: {
  view: TakeView | null;
  takeByLink: FormAction;
  token: string;
}) {
  if (view === null) {
    return (
      <Plain title="This link no longer works">
        <p>The call may be gone, or you no longer belong to the business. Sign in to see what is there.</p>
        <ButtonLink href="/dashboard" variant="primary" className="desk:self-start">
          Go to Today
        </ButtonLink>
      </Plain>
    );
  }
  const { business, zone, callId, startedAt, state } = view;
  const open = (variant: 'primary' | 'secondary') => (
    <ButtonLink href={`/dashboard/calls/${callId}`} variant={variant} className="desk:self-start">
      Open the call
    </ButtonLink>
  );
  return (
    <Plain title={titles[state]}>
      <p>
        Somebody called <bdi>{business}</bdi>, and it is urgent: {exactTime(startedAt, zone)}.
      </p>
      {state === 'open' && (
        <>
          <p>If you take it, nobody else is asked. Who called and what they said is shown once you are signed in.</p>
          <ActionForm action={takeByLink} submit="I take it">
            <input type="hidden" name="token" value={token} />
          </ActionForm>
          {open('secondary')}
        </>
      )}
      {state === 'yours' && (
        <>
          <Good>You see to it, and nobody else is asked.</Good>
          <p>If you cannot after all, say so on the call, and it goes round again.</p>
          {open('primary')}
        </>
      )}
      {state === 'taken' && (
        <>
          <p>Somebody took it or has called back. There is nothing left for you to do.</p>
          {open('secondary')}
        </>
      )}
    </Plain>
  );
}

const titles = {
  open: 'An urgent call',
  yours: 'You take this call',
  taken: 'It is seen to already',
} as const;
