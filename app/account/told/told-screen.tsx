import { Trash2 } from 'lucide-react';
import { ActionForm, type FormAction } from '@/app/_ui/action-form';
import { PhoneNumber } from '@/app/_ui/caller';
import { Field, Select } from '@/app/_ui/field';
import { Good } from '@/app/_ui/plain';
import { QuickAction } from '@/app/_ui/quick-action';
import { PageHead } from '@/app/_ui/shell';
import { tellAboutWords } from '@/app/_ui/words';
import { formatPhone } from '@/lib/rules/phone-number';
import { TELL_ABOUT, type TellAbout } from '@/lib/rules/telling';
import { whyNotDelivered } from '@/lib/rules/text-message';
import { AccountTabs } from '../account-tabs';

export type ToldView = {
  business: string;
  choice: { mail: TellAbout; text: TellAbout };
  /** The telephone that is shown to be theirs, E.164. */
  number: string | null;
  /** The one that waits for its code; `error`: Twilio's code of why the text did not arrive. */
  asked: { id: string; number: string; error: number | null } | null;
  /** Where texts come from; null while the business has no number. */
  lineNumber: string | null;
  /** They replied STOP. */
  hasStopped: boolean;
};

/** `chooseTelling` gets `mail` and `text`, `askForCode` gets `number`, `confirmNumber` gets `code`. */
export type ToldActions = {
  chooseTelling: FormAction;
  askForCode: FormAction;
  confirmNumber: FormAction;
  removeNumber: FormAction;
};

/** `view`: null for somebody who works for no business. */
export function ToldScreen({ view, actions }: { view: ToldView | null; actions: ToldActions }) {
  if (view === null) {
    return (
      <>
        <PageHead title="How you are told">Of messages and urgent calls of the business you are in.</PageHead>
        <AccountTabs />
        <p className="max-w-text text-quiet">You are in no business here, so there is nothing to tell you of.</p>
      </>
    );
  }
  return (
    <>
      <PageHead title="How you are told">
        When somebody leaves a message for <bdi>{view.business}</bdi>, or calls in an emergency. What they said stays
        here: a mail or a text says that there is something, and where.
      </PageHead>
      <AccountTabs />
      <ChoiceSection view={view} chooseTelling={actions.chooseTelling} />
      <NumberSection view={view} actions={actions} />
    </>
  );
}

const options = TELL_ABOUT.map((value) => ({ value, label: tellAboutWords[value] }));

function ChoiceSection({ view, chooseTelling }: { view: ToldView; chooseTelling: FormAction }) {
  return (
    <section aria-labelledby="choice" className="flex max-w-text flex-col gap-4">
      <h2 id="choice" className="text-title font-semibold">
        What you hear of
      </h2>
      {/* The code that came is the next thing to do. */}
      <ActionForm action={chooseTelling} submit="Save" variant={view.asked === null ? 'primary' : 'secondary'}>
        <Select label="By e-mail" name="mail" defaultValue={view.choice.mail} options={options} />
        {view.number !== null && (
          <Select label="By text" name="text" defaultValue={view.choice.text} options={options} />
        )}
        {view.number === null && view.lineNumber !== null && (
          <p className="text-quiet">By text as well, once you have shown below that a telephone is yours.</p>
        )}
        <p className="text-quiet">
          An urgent call goes round until somebody takes it. Whoever hears of every message hears of it at once, the
          others when it is their turn.
        </p>
      </ActionForm>
    </section>
  );
}

function NumberSection({ view, actions }: { view: ToldView; actions: ToldActions }) {
  const { number, asked, lineNumber } = view;
  return (
    <section aria-labelledby="number-title" className="flex max-w-text flex-col gap-4">
      <h2 id="number-title" className="text-title font-semibold">
        Your telephone
      </h2>
      {number !== null && (
        <div className="flex flex-col gap-3 desk:flex-row desk:items-center desk:justify-between">
          <Good>
            Texts go to <PhoneNumber number={number} />.
          </Good>
          <QuickAction
            action={actions.removeNumber}
            fields={{}}
            variant="quiet"
            icon={<Trash2 aria-hidden className="size-4" />}
          >
            Remove it
          </QuickAction>
        </div>
      )}
      {view.hasStopped && lineNumber !== null && (
        <p>
          You replied STOP, so you get no texts. Send START to <PhoneNumber number={lineNumber} /> to get them again.
        </p>
      )}
      {/* Keyed: what was said of the code before is not said of the next, nor of a number that is theirs by now. */}
      {asked !== null && <CodeForm key={asked.id} asked={asked} confirmNumber={actions.confirmNumber} />}
      {lineNumber === null ? (
        <p className="text-quiet">
          Texts come from the phone number of your business, which has none yet. Until then you are told by e-mail.
        </p>
      ) : (
        <ActionForm
          key={number}
          action={actions.askForCode}
          submit={asked === null ? 'Text me a code' : 'Text me another code'}
          variant="secondary"
        >
          <Field
            label={number === null ? 'Mobile number' : 'Another mobile number'}
            name="number"
            type="tel"
            autoComplete="tel"
            defaultValue={asked === null ? undefined : formatPhone(asked.number)}
            hint="We send one text with a code, to see that it is yours. Your phone company may charge for texts. STOP ends them."
            required
          />
        </ActionForm>
      )}
    </section>
  );
}

function CodeForm({
  asked: { number, error },
  confirmNumber,
}: {
  asked: NonNullable<ToldView['asked']>;
  confirmNumber: FormAction;
}) {
  if (error !== null) {
    return (
      <p>
        The text to <PhoneNumber number={number} /> did not arrive
        {whyNotDelivered(error) === null ? '' : `: ${whyNotDelivered(error)}`}. Try another number.
      </p>
    );
  }
  return (
    <ActionForm action={confirmNumber} submit="This is my code">
      <Field
        label="Code"
        name="code"
        inputMode="numeric"
        autoComplete="one-time-code"
        hint={
          <>
            Six digits, in the text that we sent to <PhoneNumber number={number} />.
          </>
        }
        required
      />
    </ActionForm>
  );
}
