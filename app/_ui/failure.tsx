'use client';

import { Button } from './button';
import { Plain } from './plain';

/** Something of ours broke. `digest` is the number under which the server's log has it. */
export function Failure({ digest, retry }: { digest: string | undefined; retry: () => void }) {
  return (
    <Plain title="That did not work">
      <p className="text-quiet">
        Something on our side broke. Calls are still answered, and nothing that was saved is lost. Try again in a
        moment.
      </p>
      {digest !== undefined && (
        <p className="text-quiet">
          If it goes on, tell us this number: <span className="font-mono">{digest}</span>
        </p>
      )}
      <Button variant="primary" onClick={retry} className="desk:self-start">
        Try again
      </Button>
    </Plain>
  );
}
