import { DatabaseBackup } from 'lucide-react';
import type { ReactNode } from 'react';
import { ActionForm, type FormAction } from '@/app/_ui/action-form';
import { Badge } from '@/app/_ui/badge';
import { BarChart } from '@/app/_ui/bar-chart';
import { EmptyState } from '@/app/_ui/empty-state';
import { Fact } from '@/app/_ui/fact';
import { QuickAction } from '@/app/_ui/quick-action';
import { PageHead } from '@/app/_ui/shell';
import { TimeAgo } from '@/app/_ui/time-ago';
import { exactTime } from '@/app/_ui/times';
import { bytesInWords, counted } from '@/app/_ui/words';
import type { listBackups } from '@/lib/backup/list-backups';
import { isBackupLate } from '@/lib/rules/backups';

export type BackupsView = Awaited<ReturnType<typeof listBackups>>;
type Backup = BackupsView['backups'][number];
type Actions = {
  readonly startBackup: FormAction;
  readonly letHeldJobsGo: FormAction;
  readonly dropHeldJobs: FormAction;
};

const zone = 'UTC';

/** What is wrong with a backup, and what to do about it. */
const faults: Readonly<Record<NonNullable<Backup['fault']>, string>> = {
  missing: 'A part of it is gone from the store.',
  changed: 'It is not the file that was written.',
  not_ours: 'Somebody else wrote its manifest. Restore nothing of it.',
};

export function BackupsScreen({ view, actions }: { view: BackupsView; actions: Actions }) {
  const { now, backups, lastRun, heldJobs } = view;
  const [newest] = backups;
  const isRunning = lastRun !== null && lastRun.endedAt === null && lastRun.leasedUntil > now;
  const start = (
    <ActionForm action={actions.startBackup} submit="Back up now" variant={newest ? 'secondary' : 'primary'} />
  );
  return (
    <>
      <Head view={view} />
      {heldJobs > 0 && <Held count={heldJobs} actions={actions} />}
      {isRunning && (
        <p>
          A backup began <TimeAgo at={lastRun.startedAt} now={now} zone={zone} /> and is under way.
        </p>
      )}
      {newest ? (
        <>
          <Facts view={view} newest={newest} />
          {start}
          <BarChart
            title="How large they are, the newest on the right"
            columns={['Made', 'Size']}
            bars={backups.toReversed().map(({ name, madeAt, bytes }) => ({
              id: name,
              name: exactTime(madeAt, zone),
              value: bytes,
              text: bytesInWords(bytes),
            }))}
          />
          <section className="flex flex-col gap-3">
            <h2 className="text-title font-semibold">In the store</h2>
            <ul className="divide-y divide-line border-y border-line">
              {backups.map((backup) => (
                <Line key={backup.name} backup={backup} now={now} />
              ))}
            </ul>
          </section>
        </>
      ) : (
        <EmptyState icon={DatabaseBackup} title="No backup yet" action={start}>
          A backup holds everything in the database, and only whoever has the private key can read it. One is made every
          night.
        </EmptyState>
      )}
    </>
  );
}

/** The one thing to know: whether a lost server would come back. */
function Head({ view: { now, backups, lastRun, lastDrill } }: { view: BackupsView }) {
  const [newest] = backups;
  if (!newest)
    return (
      <PageHead loud title="Nothing is backed up">
        If this server were lost now, everything would be.
      </PageHead>
    );
  if (newest.fault !== null)
    return (
      <PageHead loud title="The newest backup cannot be relied on">
        {faults[newest.fault]} Back up now, and look at who can write to the store.
      </PageHead>
    );
  if (lastRun?.outcome === 'failed' || lastRun?.outcome === 'abandoned')
    return (
      <PageHead loud title="The last backup failed">
        The one before it is kept. The log says why, under clock_job.failed.
      </PageHead>
    );
  if (isBackupLate(newest.madeAt, now))
    return (
      <PageHead loud title="The backup is late">
        The newest is from {exactTime(newest.madeAt, zone)}. See whether the clock still asks for it.
      </PageHead>
    );
  if (lastDrill?.drillFault)
    return (
      <PageHead loud title="The last drill failed">
        {lastDrill.drillFault} A backup that cannot be restored is none.
      </PageHead>
    );
  return <PageHead title="Everything is backed up">Once a night, checked, and kept for 30 days.</PageHead>;
}

function Facts({ view: { now, lastDrill }, newest }: { view: BackupsView; newest: Backup }) {
  const ago = (at: Date | null, never: string): ReactNode =>
    at === null ? <Badge tone="warn">{never}</Badge> : <TimeAgo at={at} now={now} zone={zone} />;
  return (
    <dl className="grid grid-cols-[max-content_1fr] gap-x-6 gap-y-2">
      <Fact name="Last made">
        <TimeAgo at={newest.madeAt} now={now} zone={zone} />, in {counted(newest.seconds, 'second', 'seconds')}
      </Fact>
      <Fact name="Holds">
        {counted(newest.rows, 'row', 'rows')} in {bytesInWords(newest.bytes)}, and lists{' '}
        {counted(newest.recordings, 'recording', 'recordings')}
      </Fact>
      <Fact name="Last checked">{ago(newest.checkedAt, 'Not yet')}</Fact>
      <Fact name="Last drill">
        {ago(lastDrill?.drilledAt ?? null, 'Never')}
        {lastDrill?.drillSeconds != null && `, back in ${counted(lastDrill.drillSeconds, 'second', 'seconds')}`}
      </Fact>
    </dl>
  );
}

function Held({ count, actions }: { count: number; actions: Actions }) {
  return (
    <section className="flex flex-col gap-3 border-y border-line py-4">
      <h2 className="text-title font-semibold">{counted(count, 'job waits', 'jobs wait')} since the restore</h2>
      <p className="max-w-text text-quiet">
        They were wanted before the backup was made: mails, texts, copies to delete at Twilio. Some may have been done
        since. Let them go on, and somebody may hear of a thing twice; drop them, and somebody may not hear of it.
      </p>
      <div className="flex flex-wrap gap-3">
        <QuickAction action={actions.letHeldJobsGo} fields={{}}>
          Let them go on
        </QuickAction>
        <QuickAction action={actions.dropHeldJobs} fields={{}} variant="quiet">
          Drop them
        </QuickAction>
      </div>
    </section>
  );
}

function Line({ backup, now }: { backup: Backup; now: Date }) {
  const { madeAt, checkedAt, fault, drilledAt, drillFault } = backup;
  return (
    <li className="flex flex-col gap-1 py-3 desk:flex-row desk:items-baseline desk:justify-between desk:gap-6">
      <div className="flex flex-col">
        <time dateTime={madeAt.toISOString()}>{exactTime(madeAt, zone)}</time>
        <span className="text-meta text-quiet tabular-nums">
          {bytesInWords(backup.bytes)}, {counted(backup.rows, 'row', 'rows')},{' '}
          {counted(backup.seconds, 'second', 'seconds')}
        </span>
      </div>
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1 text-meta text-quiet">
        {fault !== null && <Badge tone="warn">{faults[fault]}</Badge>}
        {fault === null && checkedAt !== null && (
          <span className="inline-flex items-center gap-1">
            <Badge tone="good">As it was written</Badge> <TimeAgo at={checkedAt} now={now} zone={zone} />
          </span>
        )}
        {drilledAt !== null &&
          (drillFault === null ? (
            <Badge tone="good">Restored in a drill</Badge>
          ) : (
            <Badge tone="warn">Failed in a drill</Badge>
          ))}
      </div>
    </li>
  );
}
