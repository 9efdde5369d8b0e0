import { type StepState, stepLooks } from '@/app/_ui/timeline';

/** What became of a call, link by link. */
export type ChainStep = 'answered' | 'saved' | 'told' | 'seen' | 'called_back';
export type ChainLink = {
  step: ChainStep;
  state: StepState;
  at: Date | null;
  /** Who or how: "By e-mail and text", "The text is on its way". */
  note: string | null;
};

export const chainWords: Record<ChainStep, string> = {
  answered: 'Answered',
  saved: 'Saved',
  told: 'Told',
  seen: 'Seen',
  called_back: 'Called back',
};

/** The chain in one line, for a row: each link by a word and an icon, and why where one failed. No list, it is in one. */
export function ChainLine({ chain }: { chain: readonly ChainLink[] }) {
  const shown = chain.filter(({ state }) => state !== 'skipped');
  return (
    <p className="flex w-full flex-wrap items-center gap-x-3 gap-y-1 text-meta text-quiet">
      {shown.map(({ step, state, note }) => {
        const { icon: Icon, look, word } = stepLooks[state];
        return (
          <span key={step} className="inline-flex items-center gap-1">
            <Icon aria-hidden className={`size-3.5 shrink-0 ${look}`} />
            {chainWords[step]}
            <span className="sr-only"> ({word}) </span>
            {state === 'failed' && note !== null && <bdi>{note}</bdi>}
          </span>
        );
      })}
    </p>
  );
}
