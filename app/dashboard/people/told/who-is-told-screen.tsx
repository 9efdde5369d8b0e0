import { ArrowUp } from 'lucide-react';
import { ActionForm, type FormAction } from '@/app/_ui/action-form';
import { Badge } from '@/app/_ui/badge';
import { Select } from '@/app/_ui/field';
import { TextLink } from '@/app/_ui/plain';
import { QuickAction } from '@/app/_ui/quick-action';
import { PageHead } from '@/app/_ui/shell';
import { roleWords, tellAboutWords } from '@/app/_ui/words';
import { ESCALATE_MINUTES, type TellAbout } from '@/lib/rules/telling';
import { PeopleTabs } from '../people-tabs';

type PersonTold = {
  id: string;
  name: string;
  role: 'business_owner' | 'staff';
  mail: TellAbout;
  text: TellAbout;
  hasMobile: boolean;
  isYou: boolean;
};

export type WhoIsToldView = {
  /** Minutes that an urgent call waits for each; null where everybody is told at once. */
  escalateMinutes: number | null;
  /** In the order in which urgent calls go round. */
  people: readonly PersonTold[];
};

/** `moveForward` gets `id`, `saveEscalation` gets `minutes`, a number or `never`. */
export type WhoIsToldActions = { moveForward: FormAction; saveEscalation: FormAction };

export function WhoIsToldScreen({ view, actions }: { view: WhoIsToldView; actions: WhoIsToldActions }) {
  const { people, escalateMinutes } = view;
  const hears = (about: TellAbout[]) => people.some(({ mail, text }) => about.includes(mail) || about.includes(text));
  return (
    <>
      <PageHead title="People">
        Who hears of messages, and to whom an urgent call goes until somebody takes it.
      </PageHead>
      <PeopleTabs />
      {!hears(['all']) && (
        <p className="max-w-text">
          <Badge tone="warn">Nobody hears of ordinary messages</Badge> They stand on Today, and nothing is sent.
        </p>
      )}
      {!hears(['all', 'urgent']) && (
        <p className="max-w-text">
          <Badge tone="warn">Nobody hears of urgent calls</Badge> Whoever should hear of them chooses so under Account.
        </p>
      )}
      <section aria-labelledby="order" className="flex max-w-form flex-col gap-3">
        <h2 id="order" className="text-title font-semibold">
          In this order
        </h2>
        <ol aria-labelledby="order" className="divide-y divide-line border-y border-line">
          {people.map((person, place) => (
            <PersonRow key={person.id} person={person} place={place} moveForward={actions.moveForward} />
          ))}
        </ol>
        <p className="text-quiet">Each chooses what they hear of, and by which way.</p>
        <TextLink href="/account/told">Choose yours</TextLink>
      </section>
      <section aria-labelledby="round" className="flex max-w-text flex-col gap-4">
        <h2 id="round" className="text-title font-semibold">
          Urgent calls
        </h2>
        <ActionForm action={actions.saveEscalation} submit="Save" variant="secondary">
          <Select
            label="An urgent call that nobody has seen goes to the next person"
            name="minutes"
            defaultValue={escalateMinutes === null ? 'never' : String(escalateMinutes)}
            options={[
              ...ESCALATE_MINUTES.map((minutes) => ({ value: String(minutes), label: `after ${minutes} minutes` })),
              { value: 'never', label: 'not at all: everybody is told at once' },
            ]}
            hint="Until somebody says that they take it, or has listened to it; three times round at most."
          />
        </ActionForm>
      </section>
    </>
  );
}

function PersonRow({
  person: { id, name, role, mail, text, hasMobile, isYou },
  place,
  moveForward,
}: {
  person: PersonTold;
  place: number;
  moveForward: FormAction;
}) {
  return (
    <li className="flex items-center justify-between gap-4 py-3">
      <div className="min-w-0">
        <p className="font-medium wrap-anywhere">
          <span className="tabular-nums">{place + 1}.</span> <bdi>{name}</bdi>
          {isYou && ' (you)'}
        </p>
        <p className="text-meta text-quiet">
          {roleWords[role]} · By e-mail: {tellAboutWords[mail].toLowerCase()} · By text:{' '}
          {hasMobile ? tellAboutWords[text].toLowerCase() : 'no telephone yet'}
        </p>
      </div>
      {place > 0 && (
        <QuickAction
          action={moveForward}
          fields={{ id }}
          variant="quiet"
          label={`Move up: ${name}`}
          icon={<ArrowUp aria-hidden className="size-4" />}
        >
          Move up
        </QuickAction>
      )}
    </li>
  );
}
