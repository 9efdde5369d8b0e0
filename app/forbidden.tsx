import { ButtonLink } from './_ui/button';
import { Plain } from './_ui/plain';

export default function Forbidden() {
  return (
    <Plain title="This is not open to you">
      <p className="text-quiet">
        You are signed in, but your role does not include this page. The owner of the business can change that.
      </p>
      <ButtonLink href="/account" className="self-start">
        Go to your account
      </ButtonLink>
    </Plain>
  );
}
