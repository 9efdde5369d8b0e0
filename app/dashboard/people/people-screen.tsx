import { ActionForm, type FormAction } from '@/app/_ui/action-form';
import { DutyListEditor, type DutyPerson } from '@/app/_ui/duty-list-editor';
import { Field, Switch } from '@/app/_ui/field';
import { PageHead } from '@/app/_ui/shell';
import { formatPhone } from '@/lib/rules/phone-number';
import { PeopleTabs } from './people-tabs';

export type PeopleView = {
  /** In the order they are rung; numbers in E.164. */
  people: readonly DutyPerson[];
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
