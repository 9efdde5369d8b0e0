import { Circle, CircleAlert, CircleCheck, CircleDashed } from 'lucide-react';
import type { ReactNode } from 'react';

/** How far something has come. `waiting` may still happen, `skipped` will not and need not. */
export type StepState = 'done' | 'waiting' | 'failed' | 'skipped';

/** How each state looks, and what it is called where it cannot be seen. */
export const stepLooks = {
  done: { icon: CircleCheck, look: 'text-good', word: 'Done' },
  waiting: { icon: CircleDashed, look: 'text-quiet', word: 'Not yet' },
  failed: { icon: CircleAlert, look: 'text-warn', word: 'Failed' },
  skipped: { icon: Circle, look: 'text-quiet', word: 'Not needed' },
};

/** Steps one under the other, each with its state and what there is to say about it. */
export function Timeline({
  label,
  steps,
}: {
  label: string;
  steps: readonly { key: string; state: StepState; title: ReactNode; note?: ReactNode }[];
}) {
  return (
    <ol aria-label={label}>
      {steps.map(({ key, state, title, note }) => {
        const { icon: Icon, look, word } = stepLooks[state];
        return (
          <li key={key} className="group relative flex gap-3 pb-4 last:pb-0">
            <span aria-hidden className="absolute top-6 bottom-1 left-2 w-px bg-line group-last:hidden" />
            <Icon aria-hidden className={`mt-0.5 size-4 shrink-0 ${look}`} />
            <div className="min-w-0">
              <p className={state === 'done' || state === 'failed' ? '' : 'text-quiet'}>
                {title}
                <span className="sr-only"> ({word})</span>
              </p>
              {note && <p className="text-meta text-quiet">{note}</p>}
            </div>
          </li>
        );
      })}
    </ol>
  );
}
