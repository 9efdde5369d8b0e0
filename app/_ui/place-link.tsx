'use client';

import Link from 'next/link';
import { usePathname } from 'next/navigation';
import { type Place, places } from './places';

/** The place an address belongs to: the one with the longest address above it, so `/dashboard` is not everywhere. */
function placeOf(path: string): Place | undefined {
  let found: { id: Place; length: number } | undefined;
  for (const { id, href, also } of places) {
    for (const address of [href, ...also]) {
      const within = path === address || path.startsWith(`${address}/`);
      if (within && address.length > (found?.length ?? 0)) found = { id, length: address.length };
    }
  }
  return found?.id;
}

const looks = {
  rail: 'flex min-h-9 items-center gap-3 rounded-control px-3 hover:bg-line/50',
  bar: 'flex min-h-14 flex-col items-center justify-center gap-0.5 text-meta',
  sheet: 'flex min-h-12 items-center gap-3 rounded-control px-3',
};

/** A link to a place, marked when one is there. */
export function PlaceLink({ place, look }: { place: Place; look: keyof typeof looks }) {
  const here = placeOf(usePathname()) === place;
  const found = places.find(({ id }) => id === place);
  if (found === undefined) return null;
  const { href, label, icon: Icon } = found;
  return (
    <Link
      href={href}
      prefetch={false}
      aria-current={here ? 'page' : undefined}
      className={`${looks[look]} -outline-offset-2! ${here ? 'font-semibold text-ink' : 'text-quiet hover:text-ink'}`}
    >
      <Icon aria-hidden className={`size-5 shrink-0 ${here ? 'text-accent' : ''}`} />
      {label}
    </Link>
  );
}
