import Form from 'next/form';
import { ActionForm, type FormAction } from '@/app/_ui/action-form';
import { Button } from '@/app/_ui/button';
import { Field, Select } from '@/app/_ui/field';
import { HoursEditor } from '@/app/_ui/hours-editor';
import { PageHead } from '@/app/_ui/shell';
import { exactTime, zoneInWords } from '@/app/_ui/times';
import { zoneOptions } from '@/app/_ui/zones';
import type { OpeningHours } from '@/lib/rules/opening-hours';
import type { PreviewStep } from '@/lib/rules/preview-call';
import { LineTabs } from '../line-tabs';

export type HoursView = {
  hours: OpeningHours;
  /** How it is at this moment, and when that changes; null where it never does. */
  current: { open: boolean; until: Date | null };
  preview: {
    /** `YYYY-MM-DDTHH:MM`, local time in the business's zone: what was asked, or a sensible first question. */
    at: string;
    /** The answer; empty when nothing was asked yet. */
    steps: readonly PreviewStep[];
  };
};

/** `saveHours` gets `zone` and the names described in `app/_ui/hours-fields.ts`. The preview is a GET with `at`. */
export type HoursActions = { saveHours: FormAction };

export function HoursScreen({ view, actions }: { view: HoursView; actions: HoursActions }) {
  const { hours, current, preview } = view;
  return (
    <>
      <PageHead title="Hours">
        When your people are there. Outside these hours we answer for you. You are {current.open ? 'open' : 'closed'}{' '}
        now
        {current.until && `, until ${exactTime(current.until, hours.zone)}`}.
      </PageHead>
      <LineTabs />
      <div className="flex flex-col gap-12 wide:grid wide:grid-cols-[minmax(0,1fr)_20rem] wide:items-start">
        <ActionForm action={actions.saveHours} submit="Save hours">
          {/* The key: after saving, the editor shows what was stored. */}
          <HoursEditor key={JSON.stringify(hours)} hours={hours} />
          <div className="max-w-text">
            <Select
              label="Time zone"
              name="zone"
              defaultValue={hours.zone}
              hint="All times of this business are in this zone, also when the clocks change."
              options={zoneOptions(hours.zone)}
            />
          </div>
        </ActionForm>
        <section aria-labelledby="preview" className="flex flex-col gap-4">
          <h2 id="preview" className="text-title font-semibold">
            What would happen to a call?
          </h2>
          <p className="text-quiet">
            Answered by the same rules that answer your phone, with the hours as they are saved.
          </p>
          <Form action="/dashboard/hours" prefetch={false} scroll={false} className="flex flex-col gap-3">
            <Field
              label={`A call at, ${zoneInWords(hours.zone)}`}
              name="at"
              type="datetime-local"
              defaultValue={preview.at}
            />
            <Button type="submit" className="desk:self-start">
              Show what happens
            </Button>
          </Form>
          {preview.steps.length > 0 && <Preview steps={preview.steps} />}
        </section>
      </div>
    </>
  );
}

/** What happens first stands open, the ways that a caller can go on from there fold out. */
function Preview({ steps }: { steps: readonly PreviewStep[] }) {
  return (
    <div className="flex flex-col gap-3 border-l-2 border-line pl-4">
      {steps.map(({ when, what }, n) => (
        <details key={when} open={n === 0}>
          <summary className="w-fit rounded-control py-1 font-medium">{when}</summary>
          <ol className="flex flex-col gap-1">
            {what.map((sentence, place) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: sentences have no identity but their place
              <li key={place} dir="auto" className="overflow-hidden">
                {sentence}
              </li>
            ))}
          </ol>
        </details>
      ))}
    </div>
  );
}
