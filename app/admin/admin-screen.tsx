import Link from 'next/link';
import type { ReactNode } from 'react';
import { Badge } from '@/app/_ui/badge';
import { PageHead } from '@/app/_ui/shell';
import { TimeAgo } from '@/app/_ui/time-ago';

/** Figures only: nothing here says who called whom. */
export type AdminView = {
  now: Date;
  businesses: number;
  users: number;
  businessesSuspended: number;
  usersSuspended: number;
  /** Closed by wrong passwords at the moment. */
  usersLocked: number;
  admins: number;
  /** Grants by which admins can look at a business's calls now. */
  looksOpen: number;
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
          ? 'What they should have done was not done. At Jobs you see why, and can have them tried again.'
          : 'Nothing needs you.'}
      </PageHead>
      <dl className="grid grid-cols-2 gap-x-8 desk:grid-cols-3">
        <Figure
          name="Businesses"
          href="/admin/businesses"
          note={view.businessesSuspended > 0 && `${count(view.businessesSuspended)} suspended`}
        >
          {count(view.businesses)}
        </Figure>
        <Figure name="Users" href="/admin/users" note={noteOnUsers(view)}>
          {count(view.users)}
        </Figure>
        <Figure name="Admins" href="/admin/users?show=admins">
          {count(view.admins)}
        </Figure>
        <Figure name="Open to an admin" note="businesses whose calls can be read now">
          {count(view.looksOpen)}
        </Figure>
        <Figure name="Calls today" note="since midnight UTC">
          {count(view.callsToday)}
        </Figure>
        <Figure
          name="Jobs waiting"
          href="/admin/jobs"
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
          href="/admin/jobs"
          note={jobsDead === 0 ? <Badge tone="good">None</Badge> : <Badge tone="warn">Look into these</Badge>}
        >
          {count(jobsDead)}
        </Figure>
      </dl>
    </>
  );
}

function noteOnUsers({ usersSuspended, usersLocked }: AdminView): string | null {
  const parts = [
    ...(usersSuspended > 0 ? [`${usersSuspended.toLocaleString('en-GB')} suspended`] : []),
    ...(usersLocked > 0 ? [`${usersLocked.toLocaleString('en-GB')} closed for a while`] : []),
  ];
  return parts.length === 0 ? null : parts.join(', ');
}

function Figure({
  name,
  href,
  note,
  children,
}: {
  name: string;
  /** Where what is counted can be looked at one by one. */
  href?: string;
  note?: ReactNode;
  children: string;
}) {
  return (
    <div className="flex flex-col border-t border-line py-4">
      <dt className="text-quiet">
        {href === undefined ? (
          name
        ) : (
          <Link
            href={href}
            prefetch={false}
            className="rounded-control underline decoration-line underline-offset-4 hover:decoration-current"
          >
            {name}
          </Link>
        )}
      </dt>
      <dd className="text-display font-semibold tabular-nums">{children}</dd>
      {note && <dd className="text-meta text-quiet">{note}</dd>}
    </div>
  );
}
