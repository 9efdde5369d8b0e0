import type { System, Visit } from '@/lib/platform/visit';

/**
 * What work of many short transactions is done with: a run of the clock and a job in the hands of a worker both are. What
 * takes time happens between the transactions.
 */
export type Steps = { readonly asSystem: <T>(run: (visit: Visit<System>) => Promise<T>) => Promise<T> };
