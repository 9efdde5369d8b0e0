/**
 * Which request is being worked for: what the log writes on the way has its id, and so has what a job writes that the
 * request wanted, whenever and in whatever process that runs.
 */
import { AsyncLocalStorage } from 'node:async_hooks';

const current = new AsyncLocalStorage<string | null>();

/** Works for a request, or, with `null`, for none. */
export const inRequest = <T>(id: string | null, work: () => T): T => current.run(id, work);

/** The id of the request that is being worked for, a UUID; `null` for none. */
export const requestId = (): string | null => current.getStore() ?? null;
