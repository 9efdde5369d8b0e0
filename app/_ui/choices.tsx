import Link from 'next/link';

/** One of a few: plain links, the chosen one marked. */
export function Choices<Value extends string | null>({
  label,
  choices,
  chosen,
  href,
}: {
  label: string;
  choices: readonly { value: Value; label: string }[];
  chosen: Value;
  href: (value: Value) => string;
}) {
  return (
    <nav aria-label={label} className="flex flex-wrap gap-2">
      {choices.map(({ value, label: text }) => (
        <Link
          key={text}
          href={href(value)}
          prefetch={false}
          aria-current={value === chosen ? 'true' : undefined}
          className={`inline-flex min-h-9 items-center rounded-full border px-3 desk:min-h-8 ${value === chosen ? 'border-accent font-semibold text-accent' : 'border-line text-quiet hover:text-ink'}`}
        >
          {text}
        </Link>
      ))}
    </nav>
  );
}
