import { CircleCheck } from 'lucide-react';
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

/** Something went well on the way here. */
export function Good({ children }: { children: ReactNode }) {
  return (
    <p className="flex items-start gap-2 text-good">
      <CircleCheck aria-hidden className="mt-0.5 size-4 shrink-0" />
      <span>{children}</span>
    </p>
  );
}

/** A way on that is no button; as high as a finger. */
export function TextLink({ href, children }: { href: string; children: ReactNode }) {
  return (
    <Link
      href={href}
      prefetch={false}
      className="inline-flex min-h-11 items-center self-start rounded-control font-medium text-accent underline underline-offset-4 desk:min-h-9"
    >
      {children}
    </Link>
  );
}
