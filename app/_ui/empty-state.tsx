import type { LucideIcon } from 'lucide-react';
import type { ReactNode } from 'react';

/** Nothing here: what this would be, in a sentence, and one thing to do about it. */
export function EmptyState({
  icon: Icon,
  title,
  children,
  action,
}: {
  icon: LucideIcon;
  title: string;
  children: ReactNode;
  action?: ReactNode;
}) {
  return (
    <div className="flex flex-col items-start gap-3 border-y border-line py-12">
      <Icon aria-hidden className="size-6 text-quiet" />
      <h2 className="text-title font-semibold">{title}</h2>
      <p className="max-w-text text-quiet">{children}</p>
      {action}
    </div>
  );
}
