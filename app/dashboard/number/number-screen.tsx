import { ActionForm, type FormAction } from '@/app/_ui/action-form';
import { PhoneNumber } from '@/app/_ui/caller';
import { CopyField } from '@/app/_ui/copy-field';
import { Field } from '@/app/_ui/field';
import { PageHead } from '@/app/_ui/shell';
import { formatPhone } from '@/lib/rules/phone-number';
import { LineTabs } from '../line-tabs';

export type NumberView = {
  /** The number callers dial, E.164; null until one is set. */
  number: string | null;
  /** Whole addresses, to be copied into Twilio. */
  voiceUrl: string;
  fallbackUrl: string;
  statusUrl: string;
};

/** `saveNumber` gets `number` as typed. */
export type NumberActions = { saveNumber: FormAction };

export function NumberScreen({ view, actions }: { view: NumberView; actions: NumberActions }) {
  return (
    <>
      <PageHead title="Number">
        {view.number === null ? (
          'No number yet. Until there is one, no call reaches you here.'
        ) : (
          <>
            We answer for <PhoneNumber number={view.number} />.
          </>
        )}
      </PageHead>
      <LineTabs />
      <div className="flex max-w-form flex-col gap-12">
        <ActionForm action={actions.saveNumber} submit="Save number">
          <Field
            label="The number your callers dial"
            name="number"
            type="tel"
            autoComplete="tel"
            defaultValue={view.number === null ? '' : formatPhone(view.number)}
            hint="A number of your Twilio account, with its country code: +1 415 555 0132."
          />
        </ActionForm>
        <section aria-labelledby="twilio" className="flex flex-col gap-6">
          <div className="flex flex-col gap-2">
            <h2 id="twilio" className="text-title font-semibold">
              Point Twilio at us
            </h2>
            <p className="max-w-text text-quiet">
              In the Twilio console open Phone Numbers, choose this number, and under Voice configuration enter these
              three addresses. Each is called with HTTP POST.
            </p>
          </div>
          <CopyField label="A call comes in" hint="Choose “Webhook” for this one." text={view.voiceUrl} />
          <CopyField
            label="Primary handler fails"
            hint="Callers still hear a greeting and can leave a message when we cannot be reached."
            text={view.fallbackUrl}
          />
          <CopyField label="Call status changes" hint="Tells us how a call ended." text={view.statusUrl} />
        </section>
      </div>
    </>
  );
}
