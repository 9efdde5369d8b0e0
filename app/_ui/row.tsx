import Link from 'next/link';
import type { ReactNode } from 'react';

/** Rows with hairlines between them. */
export function Rows({ children, label }: { children: ReactNode; label: string }) {
  return (
    <ul aria-label={label} className="-mx-2 divide-y divide-line border-y border-line">
      {children}
    </ul>
  );
}

/**
 * One thing in a list. The whole row leads to `href`; `actions` stay buttons of their own, under the text on the phone.
 * Texts of strangers are cut to their place, whatever they contain.
 */
export function Row({
  href,
  title,
  loud = false,
  marks,
  meta,
  current = false,
  actions,
  children,
}: {
  href: string;
  title: ReactNode;
  /** Nobody has seen to it yet: the title is set bold. */
  loud?: boolean;
  marks?: ReactNode;
  meta: ReactNode;
  /** The one that is open beside the list. */
  current?: boolean;
  actions?: ReactNode;
  children: ReactNode;
}) {
  return (
    <li
      className={`relative flex flex-col gap-3 overflow-hidden px-2 py-3 hover:bg-line/30 desk:flex-row desk:items-center desk:gap-6 ${current ? 'bg-line/50' : ''}`}
    >
      <div className="flex min-w-0 grow flex-col gap-0.5">
        <div className="flex items-baseline justify-between gap-4">
          <Link
            href={href}
            prefetch={false}
            aria-current={current ? 'page' : undefined}
            className={`one-line rounded-control after:absolute after:inset-0 focus-visible:outline-none focus-visible:after:rounded-control focus-visible:after:outline-2 focus-visible:after:-outline-offset-2 focus-visible:after:outline-focus ${loud ? 'font-semibold' : ''}`}
          >
            {title}
          </Link>
          <span className="shrink-0 text-meta text-quiet">{meta}</span>
        </div>
        <div dir="auto" className="line-clamp-2 text-left text-quiet wrap-anywhere">
          {children}
        </div>
        {marks && <div className="flex flex-wrap items-center gap-x-3 gap-y-1 pt-1">{marks}</div>}
      </div>
      {actions && (
        <div className="relative grid shrink-0 grid-cols-2 gap-2 desk:w-72 desk:*:only:col-start-2 desk:*:only:justify-self-end">
          {actions}
        </div>
      )}
    </li>
  );
}
