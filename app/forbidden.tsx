import { ButtonLink } from './_ui/button';
import { Plain } from './_ui/plain';

export default function Forbidden() {
  return (
    <Plain title="This is not open to you">
      <p className="text-quiet">
        You are signed in, but this page is not for your role. If you need it, ask whoever gave you your account.
      </p>
      <ButtonLink href="/sign-in" className="desk:self-start">
        Go to your start page
      </ButtonLink>
    </Plain>
  );
}
