/**
 * Which request is being worked for: what the log writes on the way has its id, and so has what a job writes that the
 * request wanted, whenever and in whatever process that runs.
 */
import { AsyncLocalStorage } from 'node:async_hooks';

type Current = { readonly id: string | null; hasWanted: boolean };

const current = new AsyncLocalStorage<Current>();

/** Works for a request, or, with `null`, for none. */
export const inRequest = <T>(id: string | null, work: () => T): T => current.run({ id, hasWanted: false }, work);

/** The id of the request that is being worked for, a UUID; `null` for none. */
export const requestId = (): string | null => current.getStore()?.id ?? null;

/** Notes that the request wanted a job. */
export function noteWanted(): void {
  const request = current.getStore();
  if (request) request.hasWanted = true;
}

/** Whether the request has wanted a job. */
export const hasWanted = (): boolean => current.getStore()?.hasWanted ?? false;
