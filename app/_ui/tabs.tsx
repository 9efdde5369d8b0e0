'use client';

import Link from 'next/link';
import { usePathname } from 'next/navigation';

/** Tabs that are pages of their own: plain links, the open one marked. */
export function Tabs({ label, tabs }: { label: string; tabs: readonly { href: string; label: string }[] }) {
  const path = usePathname();
  return (
    <nav aria-label={label} className="flex gap-6 overflow-x-auto border-b border-line">
      {tabs.map((tab) => {
        const open = path === tab.href;
        return (
          <Link
            key={tab.href}
            href={tab.href}
            prefetch={false}
            aria-current={open ? 'page' : undefined}
            className={`flex min-h-11 items-center border-b-2 font-medium -outline-offset-2! ${open ? 'border-accent text-ink' : 'border-transparent text-quiet hover:text-ink'}`}
          >
            {tab.label}
          </Link>
        );
      })}
    </nav>
  );
}
