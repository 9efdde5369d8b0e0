import { ArrowLeft, ArrowRight } from 'lucide-react';
import { ButtonLink } from './button';

/** To newer and older items; an end has no link. */
export function Pager({ newer, older }: { newer: string | null; older: string | null }) {
  if (newer === null && older === null) return null;
  return (
    <nav aria-label="Pages" className="flex justify-between gap-4">
      {newer === null ? (
        <span />
      ) : (
        <ButtonLink href={newer} variant="quiet">
          <ArrowLeft aria-hidden className="size-4" />
          Newer
        </ButtonLink>
      )}
      {older !== null && (
        <ButtonLink href={older} variant="quiet">
          Older
          <ArrowRight aria-hidden className="size-4" />
        </ButtonLink>
      )}
    </nav>
  );
}
