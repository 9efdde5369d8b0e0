import { ButtonLink } from './_ui/button';
import { Plain } from './_ui/plain';

/** Also for what exists but belongs to somebody else: the two must not differ. */
export default function NotFound() {
  return (
    <Plain title="There is nothing here">
      <p className="text-quiet">
        The address may be mistyped, or what stood here was erased. Nothing of yours was changed.
      </p>
      <ButtonLink href="/dashboard" className="self-start">
        Go to Today
      </ButtonLink>
    </Plain>
  );
}
