import { ButtonLink } from '@/app/_ui/button';
import { Plain } from '@/app/_ui/plain';
import { inWords } from '@/lib/rules/limits';

/** `seconds`: until it may be tried again. */
export function TooManyScreen({ seconds }: { seconds: number }) {
  return (
    <Plain title="That was too much at once">
      <p className="text-quiet">
        More was asked for in a few minutes than one person usually does, so we stopped for a moment. You are still
        signed in if you were, nothing was changed, and calls are answered as always.
      </p>
      <p>Wait {inWords(seconds)}, then go back and try again.</p>
      <ButtonLink href="/sign-in" className="desk:self-start">
        Go to your start page
      </ButtonLink>
    </Plain>
  );
}
