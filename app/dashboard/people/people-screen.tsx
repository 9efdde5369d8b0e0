import { ActionForm, type FormAction } from '@/app/_ui/action-form';
import { Badge } from '@/app/_ui/badge';
import { DutyListEditor, type DutyPerson } from '@/app/_ui/duty-list-editor';
import { Field, Switch } from '@/app/_ui/field';
import { PageHead } from '@/app/_ui/shell';
import { TimeAgo } from '@/app/_ui/time-ago';
import { counted } from '@/app/_ui/words';
import { formatPhone } from '@/lib/rules/phone-number';
import type { Unanswered } from '@/lib/rules/unanswered';
import { PeopleTabs } from './people-tabs';

export type PeopleView = {
  /** In the order they are rung; numbers in E.164. */
  people: readonly (DutyPerson & { unanswered: Unanswered | null })[];
  now: Date;
  zone: string;
  /** Whether calls during opening hours ring these people before we answer. */
  ringWhileOpen: boolean;
  /** How long each of them is rung, in seconds. */
  ringSeconds: number;
  /** Whether a caller with an emergency is put through to them outside the hours. */
  emergency: boolean;
};

/** `savePeople` gets `people.<n>.name`, `people.<n>.number`, `ringSeconds`, and `ringWhileOpen`, `emergency` as `on` or absent. */
export type PeopleActions = { savePeople: FormAction };

export function PeopleScreen({ view, actions }: { view: PeopleView; actions: PeopleActions }) {
  return (
    <>
      <PageHead title="People">Who is rung, one after the other, until somebody takes the call.</PageHead>
      <PeopleTabs />
      <NoAnswer view={view} />
      <div className="max-w-form">
        <ActionForm action={actions.savePeople} submit="Save people">
          {/* The key: after saving, the editor shows what was stored. */}
          <DutyListEditor
            key={JSON.stringify(view.people)}
            people={view.people.map(({ name, number }) => ({ name, number: formatPhone(number) }))}
          />
          <Switch
            label="Ring them while you are open"
            name="ringWhileOpen"
            defaultChecked={view.ringWhileOpen}
            hint="If nobody takes the call, we answer it. When this is off, we answer every call at once."
          />
          <Switch
            label="Put emergencies through"
            name="emergency"
            defaultChecked={view.emergency}
            hint="A caller who says it is an emergency reaches these people at any hour, in this order."
          />
          <div className="max-w-text">
            <Field
              label="Seconds to ring each person"
              name="ringSeconds"
              type="number"
              inputMode="numeric"
              min={5}
              max={60}
              defaultValue={String(view.ringSeconds)}
              hint="5 to 60. A phone rings about once in 6 seconds; a voicemail often answers after 25."
            />
          </div>
        </ActionForm>
      </div>
    </>
  );
}

/** Who did not answer when they were rung last: callers wait for them in vain. */
function NoAnswer({ view: { people, now, zone } }: { view: PeopleView }) {
  const unanswered = people.filter((person) => person.unanswered !== null);
  if (unanswered.length === 0) return null;
  return (
    <ul aria-label="Did not answer" className="mb-6 flex max-w-text flex-col gap-1">
      {unanswered.map(({ name, number, unanswered: missed }) => (
        <li key={`${name} ${number}`} className="flex flex-wrap items-baseline gap-x-3">
          <Badge tone="warn">No answer</Badge>
          <span>
            <span dir="auto" className="wrap-anywhere">
              {name}
            </span>{' '}
            did not take the last {missed && counted(missed.times, 'call', 'calls')}
            <span className="text-quiet">, {missed && <TimeAgo at={missed.last} now={now} zone={zone} />}</span>
          </span>
        </li>
      ))}
    </ul>
  );
}
