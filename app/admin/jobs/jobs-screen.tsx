import type { FormAction } from '@/app/_ui/action-form';
import { Badge } from '@/app/_ui/badge';
import { BarChart } from '@/app/_ui/bar-chart';
import { Fact } from '@/app/_ui/fact';
import { QuickAction } from '@/app/_ui/quick-action';
import { PageHead } from '@/app/_ui/shell';
import { TimeAgo } from '@/app/_ui/time-ago';
import { exactTime } from '@/app/_ui/times';
import { counted } from '@/app/_ui/words';
import type { listClockJobs, ShownClockJob } from '@/lib/jobs/list-clock-jobs';
import { CLOCK_JOBS, isByOperator, scheduleInWords } from '@/lib/rules/clock-jobs';

export type JobsView = Awaited<ReturnType<typeof listClockJobs>>;
/** `startJob` gets `job`, `tryJobsAgain` gets `kind`. */
type Actions = { readonly startJob: FormAction; readonly tryJobsAgain: FormAction };
type Run = ShownClockJob['runs'][number];

const zone = 'UTC';

export function JobsScreen({ view, actions }: { view: JobsView; actions: Actions }) {
  const { now, jobs, givenUp } = view;
  const wrong = jobs.filter(isWrong).length;
  const dead = givenUp.reduce((sum, { count }) => sum + count, 0);
  return (
    <>
      <PageHead loud={wrong > 0 || dead > 0} title={titleFor(wrong, dead)}>
        What the clock starts, and how it went. Times are UTC.
      </PageHead>
      {givenUp.length > 0 && <GivenUp view={view} action={actions.tryJobsAgain} />}
      <section className="flex flex-col gap-3">
        <h2 className="text-title font-semibold">The clock</h2>
        <ul className="divide-y divide-line border-y border-line">
          {jobs.map((job) => (
            <Job key={job.name} job={job} now={now} start={actions.startJob} />
          ))}
        </ul>
      </section>
    </>
  );
}

const isWrong = ({ isLate, isRunning, runs: [last] }: ShownClockJob): boolean =>
  isLate || (!isRunning && last !== undefined && last.outcome !== 'done');

function titleFor(wrong: number, dead: number): string {
  if (dead > 0) return `${counted(dead, 'job was', 'jobs were')} given up`;
  if (wrong > 0) return `${counted(wrong, 'job needs', 'jobs need')} a look`;
  return 'Every job keeps its time';
}

function Job({ job, now, start }: { job: ShownClockJob; now: Date; start: FormAction }) {
  const { name, runs, isRunning, next } = job;
  const [last] = runs;
  const ended = runs.filter(({ endedAt }) => endedAt !== null).toReversed();
  const shown = mostCounted(ended);
  return (
    <li className="flex flex-col gap-4 py-6">
      <div className="flex flex-wrap items-start justify-between gap-x-6 gap-y-3">
        <div className="flex min-w-0 flex-col gap-1">
          <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
            <h3 className="font-semibold">{name}</h3>
            <State job={job} />
          </div>
          <p className="max-w-text text-quiet">{sentence(CLOCK_JOBS[name].does)}</p>
        </div>
        {!isRunning && !isByOperator(name) && (
          <QuickAction action={start} fields={{ job: name }} label={`Start now: ${name}`}>
            Start now
          </QuickAction>
        )}
      </div>
      <div className="grid gap-6 desk:grid-cols-[1fr_1fr_1fr]">
        <dl className="grid grid-cols-[max-content_1fr] content-start gap-x-6 gap-y-2">
          <Fact name="Runs">
            {scheduleInWords(name)}
            {isByOperator(name) && ', by the operator, where the key is'}
          </Fact>
          <Fact name="Next">
            <time dateTime={next.toISOString()} title={exactTime(next, zone)}>
              {until(next, now)}
              <span className="sr-only">, {exactTime(next, zone)}</span>
            </time>
          </Fact>
          <Fact name="Last">{last ? <TimeAgo at={last.startedAt} now={now} zone={zone} /> : 'Never'}</Fact>
          {last?.endedAt && <Fact name="Took">{took(last)}</Fact>}
          {last?.outcome === 'done' && <Fact name="Did">{inWords(last.counts)}</Fact>}
          {last?.error && <Fact name="Error">{last.error}</Fact>}
        </dl>
        {ended.length > 1 && (
          <BarChart
            title={`How long it took, the last ${ended.length} times`}
            columns={['Began', 'Took']}
            bars={ended.map((run) => bar(run, milliseconds(run), took(run)))}
          />
        )}
        {ended.length > 1 && shown !== null && (
          <BarChart
            title={`${capital(words(shown))}, the last ${ended.length} times`}
            columns={['Began', capital(words(shown))]}
            bars={ended.map((run) => {
              const count = run.counts[shown] ?? 0;
              return bar(run, count, count.toLocaleString('en-GB'));
            })}
          />
        )}
      </div>
    </li>
  );
}

function State({ job: { isRunning, isLate, runs } }: { job: ShownClockJob }) {
  const [last] = runs;
  if (isRunning) return <Badge tone="waiting">Under way</Badge>;
  if (isLate) return <Badge tone="warn">Late</Badge>;
  if (!last) return <span className="text-meta text-quiet">Has not run yet</span>;
  if (last.outcome === 'done') return <Badge tone="good">Done</Badge>;
  return <Badge tone="warn">{last.outcome === 'failed' ? 'Failed' : 'Cut off'}</Badge>;
}

function GivenUp({ view: { givenUp, now }, action }: { view: JobsView; action: FormAction }) {
  return (
    <section className="flex flex-col gap-3">
      <h2 className="text-title font-semibold">Given up</h2>
      <p className="max-w-text text-quiet">
        These failed at every try, and what they should have done was not done. Mend the cause, then have them tried
        again.
      </p>
      <ul className="divide-y divide-line border-y border-line">
        {givenUp.map(({ kind, error, count, last }) => (
          <li
            key={`${kind} ${error}`}
            className="flex flex-col gap-3 py-3 desk:flex-row desk:items-center desk:justify-between desk:gap-6"
          >
            <div className="flex min-w-0 flex-col">
              <span>
                {capital(words(kind))}, {counted(count, 'job', 'jobs')}
              </span>
              <span className="text-meta text-quiet">
                {error ?? 'No error was kept'}, the last one <TimeAgo at={last} now={now} zone={zone} />
              </span>
            </div>
            <QuickAction action={action} fields={{ kind }} label={`Try again: ${words(kind)}`}>
              Try again
            </QuickAction>
          </li>
        ))}
      </ul>
    </section>
  );
}

const milliseconds = ({ startedAt, endedAt }: Run): number => (endedAt ? endedAt.getTime() - startedAt.getTime() : 0);

/** "0.4 s", "72 s", "14 min" */
function took(run: Run): string {
  const seconds = milliseconds(run) / 1000;
  if (seconds >= 600) return `${Math.round(seconds / 60)}\u00a0min`;
  return `${seconds < 10 ? seconds.toFixed(1) : Math.round(seconds)}\u00a0s`;
}

const bar = ({ startedAt }: Run, value: number, text: string) => ({
  id: startedAt.toISOString(),
  name: exactTime(startedAt, zone),
  value,
  text,
});

/** The count that says most about the size of these runs. */
function mostCounted(runs: readonly Run[]): string | null {
  const sums = new Map<string, number>();
  for (const { counts } of runs)
    for (const [name, count] of Object.entries(counts)) sums.set(name, (sums.get(name) ?? 0) + count);
  const [most] = [...sums].filter(([, sum]) => sum > 0).toSorted(([, a], [, b]) => b - a);
  return most?.[0] ?? null;
}

/** `{ entries: 12, secondsPastDue: 3, lost: 0 }` → "12 entries, 3 seconds past due" */
function inWords(counts: Run['counts']): string {
  const some = Object.entries(counts).filter(([, count]) => count > 0);
  if (some.length === 0) return 'nothing: there was nothing to do';
  return some.map(([name, count]) => `${count.toLocaleString('en-GB')}\u00a0${words(name)}`).join(', ');
}

/** "in 12 min", "in 5 h", "in 3 days" */
function until(at: Date, now: Date): string {
  const minutes = Math.max(1, Math.ceil((at.getTime() - now.getTime()) / 60_000));
  if (minutes < 60) return `in ${minutes} min`;
  const hours = Math.round(minutes / 60);
  return hours < 48 ? `in ${hours} h` : `in ${Math.round(hours / 24)} days`;
}

const words = (name: string): string =>
  name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`).replaceAll('_', ' ');
const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
const sentence = (text: string): string => `${capital(text)}.`;
