import { Plain } from '@/app/_ui/plain';

/** `retryAfter` in seconds, the same as in the `Retry-After` header. */
export function TooManyRequestsScreen({ retryAfter }: { retryAfter: number }) {
  const minutes = Math.ceil(retryAfter / 60);
  return (
    <Plain title="That was a little fast">
      <p className="text-quiet">
        More requests came from you than one person usually makes, so we wait for a moment. Nothing is lost. Try again
        in {minutes <= 1 ? 'a minute' : `${minutes} minutes`}.
      </p>
    </Plain>
  );
}
