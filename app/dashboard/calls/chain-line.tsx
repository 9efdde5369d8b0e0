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

/** The chain in one line, for a row: each link by a word and an icon, and why where one failed. */
export function ChainLine({ chain }: { chain: readonly ChainLink[] }) {
  const shown = chain.filter(({ state }) => state !== 'skipped');
  return (
    <ol aria-label="What became of it" className="flex w-full flex-wrap items-center gap-x-3 gap-y-1 text-meta">
      {shown.map(({ step, state, note }) => {
        const { icon: Icon, look, word } = stepLooks[state];
        return (
          <li key={step} className={`inline-flex items-center gap-1 ${state === 'failed' ? '' : 'text-quiet'}`}>
            <Icon aria-hidden className={`size-3.5 shrink-0 ${look}`} />
            {chainWords[step]}
            <span className="sr-only"> ({word})</span>
            {state === 'failed' && note !== null && <bdi className="text-quiet">{note}</bdi>}
          </li>
        );
      })}
    </ol>
  );
}
