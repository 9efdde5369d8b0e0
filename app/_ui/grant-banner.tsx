import { Eye } from 'lucide-react';
import type { FormAction } from './action-form';
import { ButtonLink } from './button';
import { QuickAction } from './quick-action';
import { clockTime } from './times';
import { counted } from './words';

/** What an admin has opened for a while. */
export type OpenGrant = {
  /** Null where it is not to be seen from here. */
  businessName: string | null;
  until: Date;
  now: Date;
};

/** Stands on every page of an admin who is looking at a business's calls: for how long yet, and the way to give it back. */
export function GrantBanner({
  grant: { businessName, until, now },
  giveBack,
}: {
  grant: OpenGrant;
  giveBack: FormAction;
}) {
  const minutes = Math.max(1, Math.ceil((until.getTime() - now.getTime()) / 60_000));
  return (
    <section
      aria-label="Open for a while"
      className="flex flex-wrap items-center justify-between gap-3 rounded-card border border-warn bg-surface px-4 py-3"
    >
      <p className="flex min-w-0 items-start gap-2">
        <Eye aria-hidden className="mt-0.5 size-4 shrink-0 text-warn" />
        <span>
          <span className="font-semibold">
            The calls of {businessName === null ? 'a business' : <bdi>{businessName}</bdi>} are open to you
          </span>{' '}
          for {counted(minutes, 'more minute', 'more minutes')}, until{' '}
          <time dateTime={until.toISOString()}>{clockTime(until, 'UTC')}</time> UTC. Its owner reads everything you
          open.
        </span>
      </p>
      <div className="flex flex-wrap gap-2">
        <ButtonLink href="/dashboard/calls" variant="quiet">
          Go to the calls
        </ButtonLink>
        <QuickAction action={giveBack} fields={{}}>
          Give it back
        </QuickAction>
      </div>
    </section>
  );
}
