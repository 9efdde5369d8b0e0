import Link from 'next/link';
import type { ReactNode } from 'react';

/** A page with one thing on it, outside the signed-in frame: signing in, or what went wrong. */
export function Plain({ title, children }: { title: string; children: ReactNode }) {
  return (
    <main className="mx-auto flex min-h-dvh max-w-text flex-col gap-8 px-4 py-12 desk:py-24">
      <Link href="/" prefetch={false} className="self-start rounded-control font-semibold text-accent">
        AfterCallPro
      </Link>
      <h1 className="text-display font-semibold">{title}</h1>
      {children}
    </main>
  );
}
