'use client';

import { LoaderCircle } from 'lucide-react';
import type { ReactNode } from 'react';
import { useFormStatus } from 'react-dom';
import { Button, type ButtonVariant } from './button';

/** Sends the form it stands in. While that is under way it says so and sends nothing twice; it keeps the focus. */
export function SubmitButton({
  variant = 'secondary',
  icon,
  label,
  children,
}: {
  variant?: ButtonVariant;
  icon?: ReactNode;
  /** A fuller name for screen readers, where the visible one repeats from row to row. Starts with the visible one. */
  label?: string;
  children: ReactNode;
}) {
  const { pending } = useFormStatus();
  return (
    <Button
      type="submit"
      variant={variant}
      aria-label={label}
      aria-disabled={pending || undefined}
      onClick={(event) => {
        if (pending) event.preventDefault();
      }}
      className="w-full desk:w-auto"
    >
      {pending ? <LoaderCircle aria-hidden className="size-4 motion-safe:animate-spin" /> : icon}
      {children}
    </Button>
  );
}
