import { ActionForm, type FormAction } from '@/app/_ui/action-form';
import { Select, TextArea } from '@/app/_ui/field';
import { PageHead } from '@/app/_ui/shell';
import { LineTabs } from '../line-tabs';

export type GreetingView = {
  greeting: string;
  /** How long a greeting may be, in characters. */
  maxLength: number;
  /** What we say after it, in the order it is said: the recording notice, then the choices. */
  notice: string;
  menu: string;
  /** From what messages are written down. */
  transcripts: 'recording' | 'live';
};

/** `saveGreeting` gets `greeting`, `saveTranscripts` gets `transcripts`. */
export type GreetingActions = { saveGreeting: FormAction; saveTranscripts: FormAction };

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
      <section aria-labelledby="written" className="flex max-w-text flex-col gap-4">
        <h2 id="written" className="text-title font-semibold">
          Messages in words
        </h2>
        <ActionForm action={actions.saveTranscripts} submit="Save this choice" variant="secondary">
          <Select
            label="How messages are written down"
            name="transcripts"
            defaultValue={view.transcripts}
            options={[
              { value: 'recording', label: 'Afterwards, from the recording' },
              { value: 'live', label: 'While the caller speaks' },
            ]}
            hint="While the caller speaks, the words are there as soon as the call is over, and what was hard to make out is marked. The phone company charges for it by the minute."
          />
        </ActionForm>
      </section>
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
