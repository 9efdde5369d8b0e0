import { BarChart } from '@/app/_ui/bar-chart';
import { Choices } from '@/app/_ui/choices';
import { Meter } from '@/app/_ui/meter';
import { PageHead } from '@/app/_ui/shell';
import { TimeAgo } from '@/app/_ui/time-ago';
import { dayOf, duration } from '@/app/_ui/times';
import { counted, tierWords, unchargedWords } from '@/app/_ui/words';
import type { readUsage } from '@/lib/businesses/read-usage';

export type UsageView = Awaited<ReturnType<typeof readUsage>>;

export function UsageScreen({ view }: { view: UsageView }) {
  const { now, zone, tier, which, month, usage, calls, days, notices } = view;
  const isUsedUp = usage.percent >= 100;
  const bars = days.map(({ day, calls: count, seconds }) => ({
    id: day,
    name: dayInWords(day),
    value: seconds,
    text: `${duration(seconds)} in ${counted(count, 'call', 'calls')}`,
  }));
  const [first, last] = [bars.at(0), bars.at(-1)];
  return (
    <>
      <PageHead
        title={`${usage.minutes.toLocaleString('en-GB')} of ${counted(usage.limit, 'minute', 'minutes')} used`}
        loud
      >
        {counted(calls, 'call', 'calls')} in {monthInWords(month.name)}, on the {tierWords[tier]} tier.
      </PageHead>
      <Choices
        label="Which month"
        choices={[
          { value: 'this', label: 'This month' },
          { value: 'last', label: 'Last month' },
        ]}
        chosen={which}
        href={(value) => (value === 'this' ? '/dashboard/usage' : '/dashboard/usage?month=last')}
      />
      <div className="flex max-w-text flex-col gap-3">
        <Meter percent={usage.percent} tone={usage.percent >= 80 ? 'warn' : 'accent'} />
        <p>{standing(view)}</p>
        {notices.length > 0 && (
          <ul className="text-quiet">
            {notices.map(({ percent, at }) => (
              <li key={percent}>
                We wrote to the owners that {percent} % were used, <TimeAgo at={at} now={now} zone={zone} />.
              </li>
            ))}
          </ul>
        )}
        {isUsedUp && <p className="text-quiet">For more minutes, write to the people who run AfterCallPro.</p>}
      </div>
      {calls > 0 && (
        <BarChart
          title="Charged time by day"
          columns={['Day', 'Charged time and calls']}
          bars={bars}
          ends={first && last && [first.name, last.name]}
        />
      )}
      <NotCharged view={view} />
    </>
  );
}

function standing({ which, usage, month, zone }: UsageView): string {
  if (which === 'last') return `${usage.percent} % of what you have in a month now.`;
  const from = dayOf(month.to, zone, 'long');
  if (usage.minutes === 0) return `None of them is used yet. The count starts again on ${from}.`;
  return usage.percent >= 100
    ? `All of them are used. Every call is still answered: until ${from}, callers hear your greeting and can leave a message.`
    : `${usage.percent} % of them are used. The count starts again on ${from}.`;
}

const words = { ...unchargedWords, hold: 'We rang your people while the caller waited' };

function NotCharged({ view: { free } }: { view: UsageView }) {
  return (
    <section aria-labelledby="free" className="flex max-w-text flex-col gap-3">
      <h2 id="free" className="text-title font-semibold">
        What was not charged
      </h2>
      {free.length === 0 ? (
        <p className="text-quiet">
          Nothing yet. Robots, callers you have blocked, calls on which nobody says anything, calls of less than 15
          seconds and the time in which we ring your people are free.
        </p>
      ) : (
        <table className="w-full tabular-nums">
          <thead>
            <tr className="border-b border-line text-left text-meta text-quiet">
              <th scope="col" className="py-2 pr-4 font-normal">
                Why
              </th>
              <th scope="col" className="py-2 pr-4 text-right font-normal">
                Calls
              </th>
              <th scope="col" className="py-2 text-right font-normal">
                Time
              </th>
            </tr>
          </thead>
          <tbody className="divide-y divide-line">
            {free.map(({ why, calls, seconds }) => (
              <tr key={why}>
                <th scope="row" className="py-2 pr-4 text-left font-normal">
                  {words[why]}
                </th>
                <td className="py-2 pr-4 text-right">{calls.toLocaleString('en-GB')}</td>
                <td className="py-2 text-right whitespace-nowrap">{duration(seconds)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}

/** "2026-11" → "November 2026" */
function monthInWords(month: string): string {
  const format = new Intl.DateTimeFormat('en-GB', { timeZone: 'UTC', month: 'long', year: 'numeric' });
  return format.format(new Date(`${month}-15T12:00:00Z`));
}

/** "2026-11-02" → "Mon 2 Nov 2026" */
const dayInWords = (day: string): string => dayOf(new Date(`${day}T12:00:00Z`), 'UTC');
