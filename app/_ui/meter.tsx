/** How much of something is used, as a bar. Whoever does not see it reads the figures beside it. */
export function Meter({ percent, tone }: { percent: number; tone: 'accent' | 'warn' }) {
  return (
    <svg aria-hidden="true" viewBox="0 0 100 1" preserveAspectRatio="none" className="h-2 w-full rounded-full">
      <rect width="100" height="1" className="fill-line" />
      <rect width={Math.min(100, percent)} height="1" className={tone === 'warn' ? 'fill-warn' : 'fill-accent'} />
    </svg>
  );
}
