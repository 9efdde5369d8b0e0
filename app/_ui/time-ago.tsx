import { exactTime, timeAgo } from './times';

/** How long ago, in a glance; the exact time with its zone under the pointer and for screen readers. */
export function TimeAgo({ at, now, zone }: { at: Date; now: Date; zone: string }) {
  const exact = exactTime(at, zone);
  return (
    <time dateTime={at.toISOString()} title={exact} className="whitespace-nowrap">
      {timeAgo(at, now, zone)}
      <span className="sr-only">, {exact}</span>
    </time>
  );
}
