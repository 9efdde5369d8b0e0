import { ActionForm, type FormAction } from '@/app/_ui/action-form';
import { TextArea } from '@/app/_ui/field';
import { PageHead } from '@/app/_ui/shell';
import { LineTabs } from '../line-tabs';

export type GreetingView = {
  greeting: string;
  /** How long a greeting may be, in characters. */
  maxLength: number;
  /** What we say after it, in the order it is said: the recording notice, then the choices. */
  notice: string;
  menu: string;
};

/** `saveGreeting` gets `greeting`. */
export type GreetingActions = { saveGreeting: FormAction };

export function GreetingScreen({ view, actions }: { view: GreetingView; actions: GreetingActions }) {
  return (
    <>
      <PageHead title="Greeting">The first thing a caller hears when nobody is there.</PageHead>
      <LineTabs />
      <div className="flex flex-col gap-12 wide:grid wide:grid-cols-[minmax(0,1fr)_20rem] wide:items-start">
        <ActionForm action={actions.saveGreeting} submit="Save greeting">
          <TextArea
            label="Your greeting"
            name="greeting"
            defaultValue={view.greeting}
            maxLength={view.maxLength}
            hint={`Say who you are; why nobody is there, we add. It is read aloud; at most ${view.maxLength.toLocaleString('en-GB')} characters.`}
          />
        </ActionForm>
        <section aria-labelledby="heard" className="flex flex-col gap-4">
          <h2 id="heard" className="text-title font-semibold">
            What the caller hears
          </h2>
          <ol className="flex flex-col gap-4 border-l-2 border-line pl-4">
            <Heard part="Your greeting, as saved">{view.greeting}</Heard>
            <Heard part="The recording notice. The law asks for it, so it is always said">{view.notice}</Heard>
            <Heard part="The choices">{view.menu}</Heard>
          </ol>
        </section>
      </div>
    </>
  );
}

function Heard({ part, children }: { part: string; children: string }) {
  return (
    <li>
      <span className="block text-meta text-quiet">{part}</span>
      <span dir="auto" className="block overflow-hidden whitespace-pre-line">
        {children}
      </span>
    </li>
  );
}
