import type { Brief, Guest, Line, Person, System } from '@/lib/platform/visit';
import type { Payload } from './job';
import { wantJob } from './want-job';

type News = Payload<'alert'> & {
  /** What it is news of: ids, and nothing that a person said or is. */
  readonly about: string;
  /** In which span it is told once; once for ever, where none is said. */
  readonly each?: keyof typeof written;
};

/** How much of a moment, as ISO 8601 writes it, names its span. */
const written = { hour: 13, day: 10 } as const;

/** Wants the operator told of something, in the transaction that found it: of the same once, or once in each span. */
export function wantAlert(
  visit: Brief<Line | Person | Guest | System>,
  { alert, reference, about, each }: News,
): Promise<void> {
  const span = each === undefined ? '' : ` ${visit.now.toISOString().slice(0, written[each])}`;
  return wantJob(visit, { kind: 'alert', key: `alert ${about}${span}`, payload: { alert, reference } });
}
