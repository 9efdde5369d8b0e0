/** Tells something to a program of somebody else's. */

/** It did not take what it was told: `code` says why, in one word. */
export class PostError extends Error {
  override name = 'PostError';
  constructor(readonly code: string) {
    super('the request was not taken');
  }
}

const PATIENCE = 10_000;

/**
 * Posts JSON to an address from the environment. Follows no redirect: an address that moved is told to whoever set it.
 *
 * @param id names what is told: sent again under the same one, a receiver can tell that it is the same.
 * @throws PostError for any answer but 2xx; fetch's own errors where there is none within ten seconds.
 */
export async function postJson(url: string, id: string, body: Readonly<Record<string, string>>): Promise<void> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', 'Idempotency-Key': id },
    body: JSON.stringify(body),
    redirect: 'error',
    cache: 'no-store',
    signal: AbortSignal.timeout(PATIENCE),
  });
  await response.body?.cancel();
  if (!response.ok) throw new PostError(`status_${response.status}`);
}
