import { ActionForm, type FormAction } from '@/app/_ui/action-form';
import { ButtonLink } from '@/app/_ui/button';
import { Switch } from '@/app/_ui/field';
import { PageHead } from '@/app/_ui/shell';
import { Trail, type TrailView } from '@/app/_ui/trail';
import { counted } from '@/app/_ui/words';
import { type Look, Looks } from './looks';
import { Holds, Periods, type RetentionActions, type RetentionView } from './retention';

export type ComplianceView = {
  secondFactor: {
    isRequired: boolean;
    /** Who can sign in for the business, and how many of them have a second factor. */
    people: number;
    having: number;
    isMineOn: boolean;
  };
  retention: RetentionView;
  /** When an admin looked at the calls, newest first. */
  looks: readonly Look[];
  trail: TrailView;
};

/** `requireSecondFactor` gets `required`, `on` or nothing; `endGrant` gets `id`. */
export type ComplianceActions = RetentionActions & { requireSecondFactor: FormAction; endGrant: FormAction };

export function ComplianceScreen({ view, actions }: { view: ComplianceView; actions: ComplianceActions }) {
  return (
    <>
      <PageHead title="Compliance">
        How long things are kept, and who did what here. Nobody can change or remove an entry of the trail.
      </PageHead>
      {view.looks.length > 0 && <Looks looks={view.looks} zone={view.trail.zone} endGrant={actions.endGrant} />}
      <SecondFactorRule rule={view.secondFactor} requireSecondFactor={actions.requireSecondFactor} />
      <Periods view={view.retention} zone={view.trail.zone} actions={actions} />
      <Holds view={view.retention} zone={view.trail.zone} actions={actions} />
      <h2 className="text-title font-semibold">The trail</h2>
      <Trail view={view.trail} path="/dashboard/compliance" file="/api/audit" />
    </>
  );
}

function SecondFactorRule({
  rule: { isRequired, people, having, isMineOn },
  requireSecondFactor,
}: {
  rule: ComplianceView['secondFactor'];
  requireSecondFactor: FormAction;
}) {
  return (
    <section aria-labelledby="second-factor" className="flex max-w-text flex-col gap-3">
      <h2 id="second-factor" className="text-title font-semibold">
        Second factor
      </h2>
      <p className="text-quiet">
        {having === people
          ? `Everybody here has one (${counted(people, 'person', 'people')}).`
          : `${having.toLocaleString('en-GB')} of ${counted(people, 'person', 'people')} here ${having === 1 ? 'has' : 'have'} one.`}
      </p>
      {isMineOn || isRequired ? (
        <ActionForm action={requireSecondFactor} submit="Save" variant="secondary">
          <Switch
            label="Everybody who signs in for this business needs a second factor"
            name="required"
            hint="Who has none is led to set one up, and can do nothing else here until then."
            defaultChecked={isRequired}
          />
        </ActionForm>
      ) : (
        <>
          <p>You can ask everybody for one, once you have turned on your own.</p>
          <ButtonLink href="/account/security" className="desk:self-start">
            Turn on your own
          </ButtonLink>
        </>
      )}
    </section>
  );
}
