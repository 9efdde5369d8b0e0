import type { ReactNode } from 'react';
import { Badge } from '@/app/_ui/badge';
import { PageHead } from '@/app/_ui/shell';
import { TimeAgo } from '@/app/_ui/time-ago';

/** Figures only: nothing here says who called whom. */
export type AdminView = {
  now: Date;
  businesses: number;
  users: number;
  /** Since midnight, UTC. */
  callsToday: number;
  jobsWaiting: number;
  /** Given up after all retries. */
  jobsDead: number;
  oldestJobWaiting: Date | null;
};

export function AdminScreen({ view }: { view: AdminView }) {
  const { now, jobsDead, oldestJobWaiting } = view;
  const count = (value: number) => value.toLocaleString('en-GB');
  return (
    <>
      <PageHead
        loud={jobsDead > 0}
        title={
          jobsDead > 0
            ? `${count(jobsDead)} ${jobsDead === 1 ? 'job has' : 'jobs have'} failed for good`
            : 'The platform runs'
        }
      >
        {jobsDead > 0
          ? 'What they should have done was not done. Their rows are kept with the reason.'
          : 'Nothing needs you.'}
      </PageHead>
      <dl className="grid grid-cols-2 gap-x-8 desk:grid-cols-3">
        <Figure name="Businesses">{count(view.businesses)}</Figure>
        <Figure name="Users">{count(view.users)}</Figure>
        <Figure name="Calls today" note="since midnight UTC">
          {count(view.callsToday)}
        </Figure>
        <Figure
          name="Jobs waiting"
          note={
            oldestJobWaiting !== null && (
              <>
                oldest from <TimeAgo at={oldestJobWaiting} now={now} zone="UTC" />
              </>
            )
          }
        >
          {count(view.jobsWaiting)}
        </Figure>
        <Figure
          name="Jobs failed for good"
          note={jobsDead === 0 ? <Badge tone="good">None</Badge> : <Badge tone="warn">Look into these</Badge>}
        >
          {count(jobsDead)}
        </Figure>
      </dl>
    </>
  );
}

function Figure({ name, note, children }: { name: string; note?: ReactNode; children: string }) {
  return (
    <div className="flex flex-col border-t border-line py-4">
      <dt className="text-quiet">{name}</dt>
      <dd className="text-display font-semibold tabular-nums">{children}</dd>
      {note && <dd className="text-meta text-quiet">{note}</dd>}
    </div>
  );
}
