import { ButtonLink } from './_ui/button';
import { Plain } from './_ui/plain';

export const metadata = { title: 'Nothing here' };

/**
 * Also for what exists but belongs to somebody else: the two must not differ. The sign-in page leads on whoever is signed
 * in already, each to where they belong.
 */
export default function NotFound() {
  return (
    <Plain title="There is nothing here">
      <p className="text-quiet">
        The address may be mistyped, or what stood here was erased. Nothing of yours was changed.
      </p>
      <ButtonLink href="/sign-in" className="desk:self-start">
        Go to your start page
      </ButtonLink>
    </Plain>
  );
}
