import Link from 'next/link';
import type { ComponentProps } from 'react';

/** `primary` stands once on a screen; `quiet` is for what repeats or matters least. */
export type ButtonVariant = 'primary' | 'secondary' | 'quiet';

const look: Record<ButtonVariant, string> = {
  primary: 'bg-accent text-accent-text border-accent hover:bg-accent/90',
  secondary: 'bg-surface text-ink border-edge hover:bg-ground',
  quiet: 'bg-transparent text-accent border-transparent hover:bg-line/50',
};

/** 44 px high on the phone, 36 px where there is a mouse. */
export function buttonClass(variant: ButtonVariant): string {
  return `inline-flex min-h-11 desk:min-h-9 items-center justify-center gap-2 rounded-control border px-4 desk:px-3 py-1 text-body font-medium whitespace-nowrap motion-safe:transition-colors motion-safe:duration-120 aria-disabled:opacity-60 ${look[variant]}`;
}

export function Button({
  variant = 'secondary',
  type = 'button',
  className = '',
  ...rest
}: ComponentProps<'button'> & { variant?: ButtonVariant }) {
  return <button type={type} className={`${buttonClass(variant)} ${className}`} {...rest} />;
}

/** Looks like a button and goes somewhere: a page of ours, or `tel:` and `mailto:`. */
export function ButtonLink({
  variant = 'secondary',
  href,
  label,
  className = '',
  children,
}: {
  variant?: ButtonVariant;
  href: string;
  /** A fuller name for screen readers, where the visible one repeats from row to row. Starts with the visible one. */
  label?: string;
  className?: string;
  children: React.ReactNode;
}) {
  const look = `${buttonClass(variant)} ${className}`;
  return href.startsWith('/') ? (
    <Link href={href} prefetch={false} aria-label={label} className={look}>
      {children}
    </Link>
  ) : (
    <a href={href} aria-label={label} className={look}>
      {children}
    </a>
  );
}
